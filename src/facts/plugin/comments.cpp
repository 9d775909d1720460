#include "comments.h"

using namespace clang;

namespace kport {

bool Comments::HandleComment(Preprocessor &, SourceRange range) {
  if (range.getBegin().isMacroID() || !sources.isOwn(range.getBegin()))
    return false;
  std::optional<std::string> place = sources.characters(range.getBegin(), range.getEnd());
  if (!place || !seen.insert(*place).second)
    return false;
  auto [file, begin] = sources.manager.getDecomposedLoc(range.getBegin());
  unsigned end = sources.manager.getFileOffset(range.getEnd());
  llvm::StringRef text = sources.manager.getBufferData(file);
  bool trails = false;
  auto [lastFile, lastEnd] = last.isValid() ? sources.manager.getDecomposedLoc(last) : std::pair<FileID, unsigned>(FileID(), 0);
  for (unsigned i = begin; i > 0 && text[i - 1] != '\n'; i--) {
    // Behind another comment of its line: as that one.
    if (file == lastFile && i == lastEnd) {
      trails = lastTrails;
      break;
    }
    if (text[i - 1] != ' ' && text[i - 1] != '\t' && text[i - 1] != '\r') {
      trails = true;
      break;
    }
  }
  last = range.getEnd();
  lastTrails = trails;
  Entry entry;
  entry.raw("place", *place).text("text", text.slice(begin, end)).flag("trailing", trails);
  entries.push_back(entry.object());
  return false;
}

} // namespace kport
