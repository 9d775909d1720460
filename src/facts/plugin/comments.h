// The comments of the module's own files.
#pragma once
#include "sources.h"
#include "clang/Lex/Preprocessor.h"
#include <set>

namespace kport {

class Comments : public clang::CommentHandler {
public:
  explicit Comments(Sources &sources) : sources(sources) {}
  bool HandleComment(clang::Preprocessor &, clang::SourceRange range) override;
  std::string commentTable() const { return table(entries); }

private:
  Sources &sources;
  /// A header may be read more than once.
  std::set<std::string> seen;
  std::vector<std::string> entries;
  /// The end of the last comment, and whether it had code before it.
  clang::SourceLocation last;
  bool lastTrails = false;
};

} // namespace kport
