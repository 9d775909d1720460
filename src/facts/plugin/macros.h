// Macro invocations, and the paths through them that tokens come by.
#pragma once
#include "sources.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Preprocessor.h"
#include <map>
#include <tuple>

namespace kport {

class Macros {
public:
  Macros(clang::Preprocessor &preprocessor, Sources &sources) : preprocessor(preprocessor), sources(sources), manager(sources.manager) {}

  /// The preprocessor's word of an invocation, when it meets one.
  void expanded(const clang::Token &name, const clang::MacroInfo *macro, clang::SourceRange range, const clang::MacroArgs *arguments);
  void defined(const clang::Token &name, const clang::MacroInfo *macro);
  /// A directive's condition: what is expanded there is no part of the program. Its own range is in the macros' texts.
  void condition(clang::SourceLocation directive, clang::SourceRange range) {
    if (sources.isOwn(directive) && range.isValid())
      conditions.push_back({directive, manager.getExpansionRange(range.getEnd()).getEnd()});
  }

  /// The path of a range: what those of its first and its last token have in common.
  unsigned path(clang::SourceRange range);
  /// Enter the invocations that stand in the module's own files: some expand to nothing, and no node tells of them.
  void enterOwn();

  std::string macroTable() const { return table(macroEntries); }
  std::string expansionTable() const { return table(expansionEntries); }
  std::string pathTable() const;

private:
  struct Invocation {
    clang::SourceLocation begin, end;
    const clang::MacroInfo *macro;
    clang::IdentifierInfo *name;
    /// Where its arguments stand, of one that stands in a file.
    std::vector<clang::SourceRange> arguments;
    bool withArguments = false;
    /// In the table, -1 before anything refers to it.
    int index = -1;
  };
  struct Step {
    unsigned up, expansion;
    int argument;
    unsigned depth;
  };

  unsigned pathOf(clang::SourceLocation location);
  unsigned pathOfFile(clang::FileID id);
  unsigned step(unsigned up, unsigned expansion, int argument);
  unsigned common(unsigned a, unsigned b) const;
  unsigned depth(unsigned path) const { return path == 0 ? 0 : steps[path - 1].depth; }
  Invocation *invocationAt(clang::SourceLocation begin);
  unsigned enter(Invocation &invocation);
  std::optional<std::string> argumentPlaces(const Invocation &invocation);
  unsigned macroIndex(const clang::MacroInfo *macro, const clang::IdentifierInfo *name);
  int parameterAt(const clang::MacroInfo *macro, clang::SourceLocation spelling);

  clang::Preprocessor &preprocessor;
  Sources &sources;
  clang::SourceManager &manager;
  std::vector<Invocation> invocations;
  llvm::DenseMap<clang::SourceLocation::UIntTy, unsigned> byBegin;
  std::vector<unsigned> own;
  std::vector<clang::SourceRange> conditions;
  llvm::DenseMap<const clang::MacroInfo *, unsigned> macroIndexes;
  llvm::DenseMap<const clang::MacroInfo *, llvm::DenseMap<clang::SourceLocation::UIntTy, int>> parameters;
  llvm::DenseMap<clang::FileID, unsigned> paths;
  std::map<std::tuple<unsigned, unsigned, int>, unsigned> stepIndexes;
  std::vector<Step> steps;
  std::vector<std::string> macroEntries, expansionEntries;
};

/// Hands over what the preprocessor tells.
class MacroWatch : public clang::PPCallbacks {
public:
  explicit MacroWatch(Macros &macros) : macros(macros) {}
  void MacroExpands(const clang::Token &name, const clang::MacroDefinition &definition, clang::SourceRange range, const clang::MacroArgs *arguments) override { macros.expanded(name, definition.getMacroInfo(), range, arguments); }
  void MacroDefined(const clang::Token &name, const clang::MacroDirective *directive) override { macros.defined(name, directive->getMacroInfo()); }
  void If(clang::SourceLocation directive, clang::SourceRange range, ConditionValueKind) override { macros.condition(directive, range); }
  void Elif(clang::SourceLocation directive, clang::SourceRange range, ConditionValueKind, clang::SourceLocation) override { macros.condition(directive, range); }

private:
  Macros &macros;
};

} // namespace kport
