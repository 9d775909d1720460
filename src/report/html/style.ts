/** The page's style sheet. No external resource, no inline `style=`: the page's content security policy forbids both. */

const LIGHT = `--bg:#fff;--fg:#1f2328;--dim:#59636e;--line:#d1d9e0;--soft:#f6f8fa;--accent:#0969da;
--ok:#1a7f37;--ok-bg:#dafbe1;--warn:#9a6700;--warn-bg:#fff8c5;--bad:#cf222e;--bad-bg:#ffebe9;
--c:#0969da;--rust:#bc4c00;--kw:#cf222e;--str:#0a3069;--com:#59636e;--num:#0550ae;--ty:#953800;--fn:#6639ba;color-scheme:light`;

const DARK = `--bg:#0d1117;--fg:#e6edf3;--dim:#9198a1;--line:#3d444d;--soft:#151b23;--accent:#4493f8;
--ok:#3fb950;--ok-bg:#12261e;--warn:#d29922;--warn-bg:#272115;--bad:#f85149;--bad-bg:#301b1e;
--c:#4493f8;--rust:#f0883e;--kw:#ff7b72;--str:#a5d6ff;--com:#9198a1;--num:#79c0ff;--ty:#ffa657;--fn:#d2a8ff;color-scheme:dark`;

export const STYLE = `
:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root:not([data-theme=light]){${DARK}}}
:root[data-theme=dark]{${DARK}}
*{box-sizing:border-box}
html{scroll-padding-top:4rem}
body{margin:0;overflow-wrap:break-word;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,-apple-system,"Segoe UI","Noto Sans",sans-serif}
code,pre,.mono{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:.86em}
:not(pre)>code{background:var(--soft);border:1px solid var(--line);border-radius:5px;padding:.05em .35em;overflow-wrap:break-word}
a{color:var(--accent);text-decoration:none}a:hover{text-decoration:underline}
header.top{position:sticky;top:0;z-index:2;display:flex;gap:.75rem;align-items:center;padding:.5rem 1.25rem;background:var(--bg);border-bottom:1px solid var(--line)}
header.top strong{flex:1;white-space:nowrap}
.tools{display:none;gap:.4rem;align-items:center}
.js .tools{display:flex}
input,button{font:inherit;font-size:.87rem;color:inherit;background:var(--soft);border:1px solid var(--line);border-radius:6px;padding:.25rem .6rem}
button{cursor:pointer}input{width:13rem;min-width:0}
:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
.frame{display:grid;grid-template-columns:13rem minmax(0,1fr);max-width:110rem;margin:0 auto}
nav{position:sticky;top:3.1rem;align-self:start;max-height:calc(100vh - 3.1rem);overflow:auto;padding:1.25rem .5rem 1.25rem 1.25rem;font-size:.9rem}
nav ul{list-style:none;margin:0 0 1rem;padding:0}nav li{padding:.12rem 0}nav .module{font-weight:600;overflow-wrap:anywhere}
main{padding:1.25rem;min-width:0}
article+article{margin-top:3rem;border-top:3px solid var(--line);padding-top:1.5rem}
section{margin:2rem 0 0}
h2{font-size:1.2rem;margin:0 0 .6rem;padding-bottom:.3rem;border-bottom:1px solid var(--line)}
h3{font-size:1rem;margin:1.2rem 0 .4rem}
.verdict{border:1px solid;border-radius:8px;padding:.8rem 1rem}
.verdict h1{font-size:1.25rem;line-height:1.35;margin:0}.verdict p{margin:.4rem 0 0}
.verdict.pass{background:var(--ok-bg);border-color:var(--ok)}.verdict.warned,.verdict.built{background:var(--warn-bg);border-color:var(--warn)}
.verdict.fail,.verdict.error{background:var(--bad-bg);border-color:var(--bad)}
.verdict code{background:none;border:0;padding:0;font-weight:600}
.dim{color:var(--dim)}.small{font-size:.87rem}
.scroll{overflow-x:auto}
table{border-collapse:collapse;font-size:.9rem}
th,td{text-align:left;vertical-align:top;padding:.3rem .75rem;border:1px solid var(--line)}
td,td code{overflow-wrap:break-word}.log td{overflow-wrap:anywhere}
th{background:var(--soft);font-weight:600;white-space:nowrap}
td.n,th.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
thead th,thead th.n{white-space:normal}
tr.differs td{background:var(--warn-bg)}
.bars{display:grid;grid-template-columns:fit-content(40%) minmax(4rem,1fr) max-content;gap:.25rem .75rem;align-items:center;font-size:.9rem}
.bars svg{display:block;width:100%;height:1rem;background:var(--soft);border-radius:3px}
.bars .pair{height:1.5rem}.bars .n{text-align:right;font-variant-numeric:tabular-nums}
.bars .wide{grid-column:2/-1;margin-top:-.15rem}
.bars .name{overflow-wrap:anywhere}
rect.ok{fill:var(--ok)}rect.failed{fill:var(--bad)}rect.skipped{fill:var(--line)}rect.c{fill:var(--c)}rect.rust{fill:var(--rust)}
.key{display:inline-block;width:.75em;height:.75em;border-radius:2px;margin:0 .3em 0 .8em;background:var(--c)}.key.rust{background:var(--rust)}
.finding{border:1px solid var(--line);border-left:4px solid var(--dim);border-radius:6px;padding:.55rem .8rem;margin:.5rem 0;overflow-wrap:anywhere}
.finding.error{border-left-color:var(--bad)}.finding.warning{border-left-color:var(--warn)}.finding.fixed{border-left-color:var(--ok)}
.finding p{margin:.25rem 0 0}.finding pre{margin:.4rem 0 0}
.tag{display:inline-block;font-size:.78rem;border:1px solid var(--line);border-radius:1em;padding:0 .55em;color:var(--dim)}
.tag.error{color:var(--bad);border-color:var(--bad)}.tag.warning{color:var(--warn);border-color:var(--warn)}.tag.ok{color:var(--ok);border-color:var(--ok)}
details.block{border:1px solid var(--line);border-radius:6px;margin:.5rem 0;overflow:clip}
details.block>summary{cursor:pointer;padding:.4rem .8rem;background:var(--soft);overflow-wrap:anywhere}
details.block[open]>summary{border-bottom:1px solid var(--line)}
details.block>.inside{padding:.6rem .8rem}
.sides{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr)}
.sides>div{min-width:0}.sides>div+div{border-left:1px solid var(--line)}
.sides h4{margin:0;padding:.3rem .8rem;font-size:.8rem;color:var(--dim);border-bottom:1px solid var(--line)}
pre{margin:0;padding:.6rem .8rem;overflow:auto;line-height:1.45;tab-size:8}
.sides pre{max-height:40rem}.finding pre{background:var(--soft);border-radius:6px}
.log{width:100%;table-layout:fixed;font-size:.82rem}
.log td{white-space:pre-wrap;padding:.05rem .5rem;border-top:0;border-bottom:0}
.log th{width:50%}
.log tr.only td.here{background:var(--warn-bg)}.log :is(td,th):first-child{border-left:0}.log :is(td,th):last-child{border-right:0}.log th{border-top:0}
.patch{padding:.4rem 0;font-size:.82rem}.patch span{display:block;padding:0 .8rem;min-width:max-content;white-space:pre}
.patch .add{background:var(--ok-bg)}.patch .del{background:var(--bad-bg)}.patch .hunk{color:var(--dim);background:var(--soft)}
.added{color:var(--ok)}.removed{color:var(--bad)}
dialog{color:inherit;background:var(--bg);border:1px solid var(--line);border-radius:8px;padding:1rem 1.4rem}
dialog::backdrop{background:rgb(0 0 0/.4)}
kbd{font-family:ui-monospace,monospace;font-size:.85em;border:1px solid var(--line);border-bottom-width:2px;border-radius:4px;padding:0 .4em;background:var(--soft)}
[data-item]:focus{outline:2px solid var(--accent);outline-offset:2px}
.hljs-comment{color:var(--com);font-style:italic}.hljs-keyword,.hljs-literal,.hljs-meta,.hljs-operator{color:var(--kw)}.hljs-string,.hljs-char{color:var(--str)}
.hljs-number,.hljs-symbol{color:var(--num)}.hljs-type,.hljs-built_in,.hljs-variable{color:var(--ty)}.hljs-title{color:var(--fn)}
@media (max-width:60rem){
.frame{display:block}
nav{position:static;max-height:none;padding:.75rem 1.25rem 0}
nav ul{display:flex;flex-wrap:wrap;gap:0 .9rem;margin-bottom:.4rem}nav li.module{flex-basis:100%}
.sides{display:block}.sides>div+div{border-left:0;border-top:1px solid var(--line)}
main{padding:1rem}th,td{padding:.3rem .5rem}header.top{padding:.5rem 1rem}
input{width:8rem}.log{font-size:.75rem}
}
@media print{header.top,nav{display:none}.frame{display:block}.sides pre{max-height:none}}
`;
