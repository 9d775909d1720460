#include "sources.h"
#include "clang/Basic/FileManager.h"
#include "clang/Lex/Lexer.h"
#include "llvm/Support/Path.h"

using namespace clang;

namespace kport {

static bool isBelow(llvm::StringRef path, llvm::StringRef folder) {
  folder = folder.rtrim('/');
  return path.starts_with(folder) && path.size() > folder.size() && path[folder.size()] == '/';
}

Sources::Known &Sources::known(FileID id) {
  auto found = files.find(id);
  if (found != files.end())
    return found->second;
  Known known{-1, false, std::nullopt};
  if (OptionalFileEntryRef entry = manager.getFileEntryRefForID(id)) {
    llvm::SmallString<256> path(entry->getName());
    manager.getFileManager().makeAbsolutePath(path);
    llvm::sys::path::remove_dots(path, true);
    llvm::StringRef real = entry->getFileEntry().tryGetRealPathName();
    for (const std::string &prefix : prefixes)
      known.own |= isBelow(path, prefix) || isBelow(real, prefix);
    // Without a folder to go by, the unit itself is what is asked for.
    if (prefixes.empty())
      known.own = id == manager.getMainFileID();
    known.path = std::string(path);
  }
  return files.insert({id, known}).first->second;
}

bool Sources::isOwn(SourceLocation location) {
  return location.isValid() && known(manager.getFileID(manager.getExpansionLoc(location))).own;
}

std::optional<std::string> Sources::bytes(FileID id, unsigned begin, unsigned end) {
  Known &file = known(id);
  if (!file.path)
    return std::nullopt;
  if (file.index < 0) {
    auto [slot, isNew] = indexes.try_emplace(*file.path, entries.size());
    if (isNew) {
      Entry entry;
      entry.text("path", *file.path).raw("own", file.own ? "true" : "false");
      entries.push_back(entry.object());
    }
    file.index = slot->second;
  }
  Entry entry;
  entry.number("f", file.index).number("b", begin).number("e", end).number("l", manager.getLineNumber(id, begin));
  return entry.object();
}

std::optional<std::string> Sources::place(SourceRange range) {
  if (range.isInvalid())
    return std::nullopt;
  SourceLocation begin = manager.getExpansionLoc(range.getBegin());
  CharSourceRange last = manager.getExpansionRange(range.getEnd());
  auto [beginFile, beginOffset] = manager.getDecomposedLoc(begin);
  auto [endFile, endOffset] = manager.getDecomposedLoc(last.getEnd());
  // A macro may end in another file than it begins in, where an #include stands between.
  if (endFile != beginFile || endOffset < beginOffset) {
    last = manager.getExpansionRange(range.getBegin());
    std::tie(endFile, endOffset) = manager.getDecomposedLoc(last.getEnd());
    if (endFile != beginFile)
      return std::nullopt;
  }
  if (last.isTokenRange())
    endOffset += Lexer::MeasureTokenLength(last.getEnd(), manager, options);
  return bytes(beginFile, beginOffset, endOffset);
}

std::optional<std::string> Sources::characters(SourceLocation begin, SourceLocation end) {
  auto [beginFile, beginOffset] = manager.getDecomposedLoc(begin);
  auto [endFile, endOffset] = manager.getDecomposedLoc(end);
  if (beginFile != endFile || endOffset < beginOffset)
    return std::nullopt;
  return bytes(beginFile, beginOffset, endOffset);
}


} // namespace kport
