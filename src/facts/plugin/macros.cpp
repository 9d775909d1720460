#include "macros.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/MacroArgs.h"

using namespace clang;

namespace kport {

void Macros::expanded(const Token &name, const MacroInfo *macro, SourceRange range, const MacroArgs *arguments) {
  if (macro == nullptr)
    return;
  Invocation invocation{range.getBegin(), range.getEnd(), macro, name.getIdentifierInfo(), {}};
  bool isInFile = range.getBegin().isFileID();
  bool isOwn = isInFile && sources.isOwn(range.getBegin());
  // clang frees the arguments when the macro's text has been read.
  if (isInFile && macro->isFunctionLike() && arguments != nullptr) {
    invocation.withArguments = true;
    unsigned count = std::min(arguments->getNumMacroArguments(), macro->getNumParams());
    for (unsigned i = 0; i < count; i++) {
      const Token *first = arguments->getUnexpArgument(i);
      unsigned length = MacroArgs::getArgLength(first);
      // An argument ends in an `eof` that stands where its comma or parenthesis does.
      SourceLocation begin = first->getLocation();
      SourceLocation end = length == 0 ? begin : first[length - 1].getEndLoc();
      if (!begin.isFileID() || !end.isFileID()) {
        invocation.withArguments = false;
        break;
      }
      invocation.arguments.push_back({begin, end});
    }
  }
  if (isOwn)
    own.push_back(invocations.size());
  byBegin[range.getBegin().getRawEncoding()] = invocations.size();
  invocations.push_back(std::move(invocation));
}

void Macros::defined(const Token &name, const MacroInfo *macro) {
  if (macro != nullptr && sources.isOwn(macro->getDefinitionLoc()))
    macroIndex(macro, name.getIdentifierInfo());
}

Macros::Invocation *Macros::invocationAt(SourceLocation begin) {
  auto found = byBegin.find(begin.getRawEncoding());
  return found == byBegin.end() ? nullptr : &invocations[found->second];
}

int Macros::parameterAt(const MacroInfo *macro, SourceLocation spelling) {
  auto &known = parameters[macro];
  if (known.empty())
    for (const Token &token : macro->tokens())
      if (IdentifierInfo *identifier = token.getIdentifierInfo())
        known[token.getLocation().getRawEncoding()] = macro->getParameterNum(identifier);
  auto found = known.find(spelling.getRawEncoding());
  return found == known.end() ? -1 : found->second;
}

unsigned Macros::pathOf(SourceLocation location) { return location.isValid() && location.isMacroID() ? pathOfFile(manager.getFileID(location)) : 0; }

/// All tokens that clang gives one "file" of an expansion come by the same path.
unsigned Macros::pathOfFile(FileID id) {
  auto found = paths.find(id);
  if (found != paths.end())
    return found->second;
  const SrcMgr::ExpansionInfo &info = manager.getSLocEntry(id).getExpansion();
  SourceLocation start = info.getExpansionLocStart();
  unsigned result;
  if (info.isMacroArgExpansion()) {
    // It starts where the parameter stands in the text of the macro.
    unsigned inBody = pathOf(start);
    result = inBody;
    if (inBody != 0 && steps[inBody - 1].argument < 0) {
      unsigned expansion = steps[inBody - 1].expansion, call = steps[inBody - 1].up;
      Invocation *invocation = start.isMacroID() ? invocationAt(manager.getSLocEntry(manager.getFileID(start)).getExpansion().getExpansionLocStart()) : nullptr;
      int parameter = invocation == nullptr ? -1 : parameterAt(invocation->macro, manager.getSpellingLoc(start));
      if (parameter >= 0) {
        unsigned spelled = pathOf(info.getSpellingLoc());
        unsigned shared = common(call, spelled);
        std::vector<unsigned> beyond;
        for (unsigned p = spelled; p != shared; p = steps[p - 1].up)
          beyond.push_back(p);
        result = step(inBody, expansion, parameter);
        for (auto p = beyond.rbegin(); p != beyond.rend(); ++p)
          result = step(result, steps[*p - 1].expansion, steps[*p - 1].argument);
      }
    }
  } else {
    result = pathOf(start);
    Invocation *invocation = invocationAt(start);
    // What is pasted or made a string stands in scratch space and belongs to the text that did it; so does what a builtin macro gives.
    if (invocation != nullptr && (invocation->macro->isBuiltinMacro() || !manager.isWrittenInScratchSpace(info.getSpellingLoc())))
      result = step(result, enter(*invocation), -1);
  }
  paths[id] = result;
  return result;
}

unsigned Macros::step(unsigned up, unsigned expansion, int argument) {
  auto [slot, isNew] = stepIndexes.try_emplace({up, expansion, argument}, steps.size() + 1);
  if (isNew)
    steps.push_back({up, expansion, argument, depth(up) + 1});
  return slot->second;
}

unsigned Macros::common(unsigned a, unsigned b) const {
  while (a != b) {
    if (depth(a) >= depth(b))
      a = steps[a - 1].up;
    else
      b = steps[b - 1].up;
  }
  return a;
}

unsigned Macros::path(SourceRange range) { return common(pathOf(range.getBegin()), pathOf(range.getEnd())); }

std::optional<std::string> Macros::argumentPlaces(const Invocation &invocation) {
  if (!invocation.withArguments)
    return std::nullopt;
  std::string list = "[";
  for (SourceRange argument : invocation.arguments) {
    std::optional<std::string> place = sources.characters(argument.getBegin(), argument.getEnd());
    if (!place)
      return std::nullopt;
    list += (list.size() > 1 ? "," : "") + *place;
  }
  return list + "]";
}

unsigned Macros::enter(Invocation &invocation) {
  if (invocation.index >= 0)
    return invocation.index;
  unsigned call = pathOf(invocation.begin);
  Entry entry;
  entry.number("macro", macroIndex(invocation.macro, invocation.name));
  entry.raw("place", sources.place({invocation.begin, invocation.end}).value_or(NOWHERE)).number("path", call);
  if (std::optional<std::string> arguments = argumentPlaces(invocation))
    entry.raw("arguments", *arguments);
  invocation.index = expansionEntries.size();
  expansionEntries.push_back(entry.object());
  return invocation.index;
}

void Macros::enterOwn() {
  for (unsigned i : own) {
    SourceLocation begin = invocations[i].begin;
    bool asked = llvm::any_of(conditions, [&](SourceRange r) { return begin >= r.getBegin() && begin <= r.getEnd(); });
    if (!asked)
      enter(invocations[i]);
  }
}

unsigned Macros::macroIndex(const MacroInfo *macro, const IdentifierInfo *name) {
  auto [slot, isNew] = macroIndexes.try_emplace(macro, macroEntries.size());
  if (!isNew)
    return slot->second;
  Entry entry;
  entry.text("name", name->getName());
  if (std::optional<std::string> place = sources.place({macro->getDefinitionLoc(), macro->getDefinitionEndLoc()}))
    entry.raw("place", *place);
  if (macro->isFunctionLike()) {
    std::vector<std::string> names;
    for (const IdentifierInfo *parameter : macro->params())
      names.push_back(parameter->getName().str());
    entry.texts("parameters", names).flag("variadic", macro->isVariadic());
  }
  std::string body;
  for (const Token &token : macro->tokens())
    body += (body.empty() ? "" : " ") + preprocessor.getSpelling(token);
  entry.text("body", body);
  macroEntries.push_back(entry.object());
  return slot->second;
}

std::string Macros::pathTable() const {
  std::vector<std::string> entries;
  for (const Step &s : steps) {
    Entry entry;
    entry.number("up", s.up).number("x", s.expansion);
    if (s.argument >= 0)
      entry.number("a", s.argument);
    entries.push_back(entry.object());
  }
  return table(entries);
}

} // namespace kport
