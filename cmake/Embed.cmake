# Writes each of INPUTS into HEADER as two constants, NAME and NAME_sha256 (base64, as a content
# security policy wants it). The text is cut into chunks because compilers limit the length of one
# string literal (64 kB is the least the standard asks for). CMake's own cutting counts bytes, so a
# character may be split between two chunks: the compiler joins them again.

# Six bits a character; hexadecimal digits come in threes (12 bits, two characters). A SHA-256 is 64
# digits: 21 threes, and one digit left whose four bits make the last character before the "=".
set(alphabet ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)
function(base64_of_sha256 hex result)
  set(out "")
  foreach(at RANGE 0 60 3)
    string(SUBSTRING ${hex} ${at} 3 digits)
    math(EXPR high "0x${digits} >> 6")
    math(EXPR low "0x${digits} & 63")
    string(SUBSTRING ${alphabet} ${high} 1 first)
    string(SUBSTRING ${alphabet} ${low} 1 second)
    string(APPEND out ${first}${second})
  endforeach()
  string(SUBSTRING ${hex} 63 1 digit)
  math(EXPR last "0x${digit} << 2")
  string(SUBSTRING ${alphabet} ${last} 1 first)
  set(${result} "${out}${first}=" PARENT_SCOPE)
endfunction()

set(out "// Generated from the files named below; do not edit.\n#pragma once\n#include <string_view>\nnamespace drydock::embedded {\n")
foreach(input ${INPUTS})
  get_filename_component(name ${input} NAME)
  string(REGEX REPLACE "[^a-zA-Z0-9]" "_" name ${name})
  file(READ ${input} text)
  file(SHA256 ${input} hex)
  base64_of_sha256(${hex} hash)
  string(LENGTH "${text}" length)
  string(APPEND out "inline constexpr std::string_view ${name} =\n")
  set(at 0)
  while(at LESS length)
    string(SUBSTRING "${text}" ${at} 8000 chunk)
    string(APPEND out "R\"~~~~(${chunk})~~~~\"\n")
    math(EXPR at "${at}+8000")
  endwhile()
  string(APPEND out "\"\";\ninline constexpr std::string_view ${name}_sha256 = \"${hash}\";\n")
endforeach()
string(APPEND out "}  // namespace drydock::embedded\n")
file(WRITE ${HEADER} "${out}")
