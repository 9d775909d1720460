// One entry of a table, as JSON text.
#pragma once
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <string>

namespace kport {

/// Writes `text` as a JSON string. Bytes that are no UTF-8 become the replacement character: names of files may hold any.
void quote(std::string &out, llvm::StringRef text);

/// An object whose fields come in the order they are added in.
class Entry {
public:
  Entry() = default;
  explicit Entry(llvm::StringRef kind) { text("k", kind); }

  Entry &text(llvm::StringRef key, llvm::StringRef value) {
    name(key);
    quote(json, value);
    return *this;
  }
  Entry &number(llvm::StringRef key, uint64_t value) { return raw(key, std::to_string(value)); }
  /// Present only where it holds.
  Entry &flag(llvm::StringRef key, bool holds) { return holds ? raw(key, "true") : *this; }
  Entry &list(llvm::StringRef key, llvm::ArrayRef<unsigned> values);
  Entry &texts(llvm::StringRef key, llvm::ArrayRef<std::string> values);
  /// `value` is JSON already.
  Entry &raw(llvm::StringRef key, llvm::StringRef value) {
    name(key);
    json.append(value.data(), value.size());
    return *this;
  }
  /// The fields of `other` behind those that are there.
  Entry &with(const Entry &other) {
    if (!other.json.empty()) {
      if (!json.empty())
        json += ',';
      json += other.json;
    }
    return *this;
  }
  std::string object() const { return "{" + json + "}"; }

private:
  void name(llvm::StringRef key) {
    if (!json.empty())
      json += ',';
    json += '"';
    json.append(key.data(), key.size());
    json += "\":";
  }
  std::string json;
};

/// A table: its entries, one a line.
std::string table(llvm::ArrayRef<std::string> entries);

} // namespace kport
