/** Hostile tests that no defence of defences.ts is taken out for, by file: each with the reason. */
export const HELD_OTHERWISE: Readonly<Record<string, readonly { test: RegExp; because: string }[]>> = {
  "walls-makefile.test.ts": [
    { test: /^a makefile that$/, because: "is all of them" },
    { test: /^the control:/, because: "is a control itself" },
    {
      test: /^reads its parents' memory$/,
      because: "bubblewrap mounts no /proc without a process namespace of its own, so that cannot be taken out alone",
    },
    {
      test: /^makes its folders writable first$/,
      because: "the kernel keeps a mount read-only in a user namespace, capabilities or not",
    },
    { test: /^makes devices$/, because: "the kernel opens no device's node there, /dev of the machine's or not" },
    {
      test: /^sets what is the machine's in \/proc and \/sys$/,
      because: "without it the machine's own settings would change; sandbox.test.ts looks whether they may be written",
    },
    {
      test: /^is a fork bomb$|^takes all memory, in many processes$/,
      because: "two hold it: the cgroup, where one can be had, and the watch; each is taken out by a test of its own",
    },
    { test: /^kills what runs outside$/, because: "without it everything on the machine would be killed" },
  ],
  "walls-tools.test.ts": [
    { test: /^an exploited tool$/, because: "is all of them" },
    {
      test: /^that leaves a link in place of the Rust$/,
      because: "two hold it: the door, and that c2rust sees nothing that a link could lead to",
    },
  ],
  "entry-git.test.ts": [
    { test: /^would without a word: the control$/, because: "is a control itself" },
    {
      test: /^is asked about in one place$/,
      because: "looks that no source starts git beside the one that is guarded",
    },
    {
      test: /^a module's folder that git would take for a repository$/,
      because: "is all of them",
    },
  ],
  "entry-settings.test.ts": [
    { test: /^one that is started there would: the control$/, because: "is a control itself" },
    { test: /^in a checkout that names programs of its own$/, because: "is all of them" },
  ],
  "entry-unseen.test.ts": [
    {
      test: /^shows what is in a text$|^leaves what can be seen: the control$/,
      because: "is all of them, or a control itself",
    },
    {
      test: /: in (the file|the annotations|a port's pull request|the terminal's summary)$/,
      because: "one rule holds them as it does the comment and the page",
    },
    { test: /: in a comment of the Rust$/, because: "entry-rust.test.ts has it too, with its defence" },
  ],
  "entry-capture.test.ts": [
    { test: /is a link|became a link/, because: "two hold it: the look at all links behind the build, and the door" },
    {
      test: /^the module's name (is a command of make|leads up|is longer)/,
      because: "one rule holds all names, and two of them stand for it",
    },
    { test: /^a link within/, because: "is what must be let through" },
  ],
  "entry-channel.test.ts": [
    { test: /^an alias is found in time/, because: "entry-text.test.ts has it too, with its defence" },
  ],
  "entry-copy.test.ts": [
    {
      test: /^how far up|^links(?: of the user's folder)?$|^(makefile|C): |is copied as content|stays a link|the folder itself a link|names that kbuild|as far as one that is none/,
      because: "says what is read as what, or must be let through",
    },
    {
      test: /^a comment of (a makefile|C) brings nothing/,
      because: "two hold it: comments are not read, and the bound",
    },
    {
      test: /leads (to a device|to itself|to nowhere outside)/,
      because: "the bound holds it as it does the others, or there is nothing to copy",
    },
    { test: /^two folders that hold links to each other/, because: "without it the copy has no end but the disk's" },
  ],
  "entry-door.test.ts": [
    { test: /^a forged database is refused: (no list|a number for a name)/, because: "one schema holds all forms" },
    { test: /^an honest database is taken/, because: "is what must be let through" },
  ],
  "entry-object.test.ts": [
    { test: /^an object that$|^is whole is read/, because: "is all of them, or a control itself" },
    {
      test: /^(is |says |has )/,
      because: "llvm-objcopy refuses most of them, and a mistake that kport would make with one is not known",
    },
  ],
  "entry-facts.test.ts": [{ test: /^forged facts$/, because: "is all of them" }],
  "entry-proof.test.ts": [
    {
      test: /^a function that is written to be looked at for ever$|^an object that is written to be held in memory$/,
      because: "is all of them",
    },
  ],
  "entry-rust.test.ts": [
    { test: /^a comment of C$|^rustfmt$/, because: "is all of them" },
    { test: /^the control:/, because: "is a control itself" },
    { test: /^leaves what it cannot read/, because: "is what must be let through" },
  ],
  "entry-report.test.ts": [
    {
      test: /takes its time in proportion(?:$|,)|^a whole report$|^of .* alone renders|^bounds$|^a JSON text$|^the texts of a report$/,
      because: "a pattern that goes back would have to be put in: two stand for all",
    },
    {
      test: /^of empty lists in a report's|^that holds brackets and commas|^with numbers that are none|^are all a stranger's/,
      because:
        "one rule holds it with the others, it is a control itself, zod holds it, or it looks at the tests' own report",
    },
  ],
  "entry-results.test.ts": [
    { test: /^(a results folder|an exercise$|core$)/, because: "is all of them" },
    {
      test: /as a link to .* is replaced|a port that is a link is taken away/,
      because: "a name is taken over by renaming, which follows nothing; the defence is for links to what is there",
    },
    {
      test: /^facts that name a file of the user's/,
      because:
        "nothing of a source but places of blanks and spellings is shown, so that it shows nothing without the defence either",
    },
    { test: /^a makefile that plants links/, because: "many hold it: the sandbox, the door, folders of our own" },
  ],
  "entry-actions.test.ts": [
    { test: /^a committed port is compared/, because: "entry-copy.test.ts has its rule with its defence" },
    {
      test: /^looking for modules/,
      because:
        "a device without end is read up to a bound by Node itself, which takes memory and no longer than the test's time",
    },
  ],
  "entry-text.test.ts": [
    {
      test: /takes its time in proportion$/,
      because: "nothing was found to be taken out: a pattern that goes back would have to be put in",
    },
  ],
};
