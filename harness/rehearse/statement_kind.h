// What a statement's first words say about transactions: whether it begins or ends one, whether it
// leaves something behind when it fails, and whether it does the same alone as inside a block.
#pragma once

#include <string>
#include <string_view>

namespace drydock {

/// In lower case.
std::string first_word(std::string_view statement);

bool opens_transaction(std::string_view statement);

/// COMMIT and ROLLBACK in all their spellings, PREPARE TRANSACTION; not ROLLBACK TO a savepoint.
bool ends_transaction(std::string_view statement);

/// Leaves nothing behind when it fails, also outside a transaction block.
bool undoes_itself(std::string_view statement);

/// Whether `statement`, sent alone, does the same between a BEGIN and a COMMIT: it is no command of
/// the session or the transaction, does not commit by itself, and is not among those that
/// PostgreSQL refuses in a block. In doubt false. What cannot be told from the text (REINDEX of a
/// partitioned table) is refused by the server with 25001 before anything was done.
bool same_inside_block(std::string_view statement);

}  // namespace drydock
