// The files of a translation unit, and places in them.
#pragma once
#include "entry.h"
#include "clang/Basic/LangOptions.h"
#include "clang/Basic/SourceManager.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringMap.h"
#include <optional>
#include <string>
#include <vector>

namespace kport {

/// Where something is said to stand that stands in no file.
inline constexpr const char *NOWHERE = R"({"f":0,"b":0,"e":0,"l":1})";

class Sources {
public:
  Sources(clang::SourceManager &manager, const clang::LangOptions &options, std::vector<std::string> own) : manager(manager), options(options), prefixes(std::move(own)) {}

  /// Whether the outermost text that a location comes out of stands in one of the module's own files.
  bool isOwn(clang::SourceLocation location);
  /// JSON of where a range stands: of a macro's text, the outermost invocation. Nothing where that is no file.
  std::optional<std::string> place(clang::SourceRange range);
  /// JSON of a range of characters in one file.
  std::optional<std::string> characters(clang::SourceLocation begin, clang::SourceLocation end);
  std::string fileTable() const { return table(entries); }

  clang::SourceManager &manager;
  const clang::LangOptions &options;

private:
  struct Known {
    /// Index in the table, -1 before anything refers to it.
    int index;
    bool own;
    /// Absent for the compiler's own buffers.
    std::optional<std::string> path;
  };
  Known &known(clang::FileID id);
  std::optional<std::string> bytes(clang::FileID id, unsigned begin, unsigned end);

  std::vector<std::string> prefixes;
  llvm::DenseMap<clang::FileID, Known> files;
  llvm::StringMap<unsigned> indexes;
  std::vector<std::string> entries;
};

} // namespace kport
