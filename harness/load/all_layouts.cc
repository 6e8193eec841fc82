#include "harness/load/all_layouts.h"

namespace drydock {

Layout sqitch_layout();
Layout prisma_layout();
Layout up_down_folders_layout();
Layout diesel_layout();
Layout goose_layout();
Layout dbmate_layout();
Layout sql_migrate_layout();
Layout flyway_layout();
Layout morph_layout();
Layout sqlx_layout();
Layout popx_layout();
Layout golang_migrate_layout();
Layout paired_sql_layout();
Layout supabase_layout();
Layout plain_sql_layout();

const std::vector<Layout>& all_layouts() {
  static const std::vector<Layout> layouts = {
      sqitch_layout(),           //
      prisma_layout(),           //
      up_down_folders_layout(),  // before diesel: its folders are diesel's plus metadata.yaml
      diesel_layout(),           //
      goose_layout(),            //
      dbmate_layout(),           //
      sql_migrate_layout(),      //
      flyway_layout(),           //
      morph_layout(),            // these four share NAME.up.sql: the one with more to go by first
      sqlx_layout(),             //
      popx_layout(),             //
      golang_migrate_layout(),   //
      paired_sql_layout(),       //
      supabase_layout(),         //
      plain_sql_layout(),        // takes any .sql file: last
  };
  return layouts;
}

}  // namespace drydock
