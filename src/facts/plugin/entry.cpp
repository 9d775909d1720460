#include "entry.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"

namespace kport {

void quote(std::string &out, llvm::StringRef text) {
  std::string mended;
  if (!llvm::json::isUTF8(text)) {
    mended = llvm::json::fixUTF8(text);
    text = mended;
  }
  out += '"';
  for (char c : text) {
    unsigned char u = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (u < 0x20 || u == 0x7f) {
      out += "\\u00";
      out += llvm::hexdigit(u >> 4, true);
      out += llvm::hexdigit(u & 15, true);
    } else {
      out += c;
    }
  }
  out += '"';
}

Entry &Entry::list(llvm::StringRef key, llvm::ArrayRef<unsigned> values) {
  name(key);
  json += '[';
  for (size_t i = 0; i < values.size(); i++) {
    if (i > 0)
      json += ',';
    json += std::to_string(values[i]);
  }
  json += ']';
  return *this;
}

Entry &Entry::texts(llvm::StringRef key, llvm::ArrayRef<std::string> values) {
  name(key);
  json += '[';
  for (size_t i = 0; i < values.size(); i++) {
    if (i > 0)
      json += ',';
    quote(json, values[i]);
  }
  json += ']';
  return *this;
}

std::string table(llvm::ArrayRef<std::string> entries) {
  std::string out = "[";
  for (size_t i = 0; i < entries.size(); i++)
    out += (i > 0 ? ",\n" : "\n") + entries[i];
  return out + "]";
}

} // namespace kport
