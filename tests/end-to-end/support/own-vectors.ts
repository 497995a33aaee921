/** A way to fetch or to run that no list of others has, or that is newer than those. */
export interface OwnVector {
  readonly name: string
  readonly html: string
}

const ran = 'parent.zegelRan&&parent.zegelRan()'
const at = (name: string): string => `http://own.leaking.via/${name}`

/** Each names an address of its own: the recorder tells which one leaked. */
const requests: Readonly<Record<string, (url: string) => string>> = {
  'css-image-set': url => `<p style="background-image:image-set('${url}' 1x)">x`,
  'css-image-set-type': url =>
    `<style>p{background:image-set("${url}" type("image/png") 1x, "${url}" 2x)}</style><p>x`,
  'css-webkit-image-set': url => `<p style="background:-webkit-image-set(url(${url}) 1x)">x`,
  'css-cross-fade': url =>
    `<p style="background:-webkit-cross-fade(url(${url}),url(${url}),50%)">x`,
  'css-import-layer': url =>
    `<style>@import url("${url}") layer(a) supports(display:block) screen;</style>`,
  'css-import-escaped': url => `<style>@\\69mport "${url}";</style>`,
  'css-cursor': url => `<style>*{cursor:url(${url}),auto}</style><p>x`,
  'css-mask': url => `<p style="mask:url(${url}#m);-webkit-mask-image:url(${url})">x`,
  'css-mask-border': url => `<p style="-webkit-mask-box-image:url(${url})">x`,
  'css-content': url => `<style>p::before{content:url(${url})}p{content:url(${url})}</style><p>x`,
  'css-marker': url => `<style>li::marker{content:url(${url})}</style><ul><li>x</ul>`,
  'css-list-style': url => `<ul><li style="list-style:url(${url})">x</ul>`,
  'css-border-image': url => `<p style="border:9px solid;border-image:url(${url}) 9">x`,
  'css-filter': url => `<p style="filter:url(${url}#f);backdrop-filter:url(${url}#f)">x`,
  'css-clip-path': url =>
    `<p style="clip-path:url(${url}#c);shape-outside:url(${url});float:left">x`,
  'css-offset-path': url => `<p style="offset-path:url(${url}#p)">x`,
  'css-visited': url => `<style>a:visited{background:url(${url})}</style><a href="">x</a>`,
  'css-variable': url => `<style>:root{--u:url(${url})}p{background:var(--u)}</style><p>x`,
  'css-variable-escaped': url =>
    `<style>:root{--u:u\\72 l("${url}")}p{background:var(--u)}</style><p>x`,
  'css-property': url =>
    `<style>@property --i{syntax:"<image>";inherits:true;initial-value:url(${url})}p{background:var(--i)}</style><p>x`,
  'css-attr': url => `<style>p{background:image-set(attr(title))}</style><p title="${url}">x`,
  'css-if': url => `<style>p{background:if(else:url(${url}))}</style><p>x`,
  'css-function': url =>
    `<style>@function --f(){result:url(${url})}p{background:--f()}</style><p>x`,
  'css-layer': url => `<style>@layer a{p{background:url(${url})}}</style><p>x`,
  'css-container': url =>
    `<style>div{container-type:inline-size}@container (width>1px){p{background:url(${url})}}</style><div><p>x</div>`,
  'css-scope': url => `<style>@scope (div){p{background:url(${url})}}</style><div><p>x</div>`,
  'css-starting-style': url =>
    `<style>@starting-style{p{background:url(${url})}}p{transition:background 1s allow-discrete}</style><p>x`,
  'css-nesting': url => `<style>div{& p{background:url(${url})}}</style><div><p>x</div>`,
  'css-keyframes': url =>
    `<style>@keyframes k{to{background:url(${url})}}p{animation:k 1ms forwards}</style><p>x`,
  'css-counter-style': url =>
    `<style>@counter-style c{system:cyclic;symbols:url(${url});suffix:" "}li{list-style:c}</style><ul><li>x</ul>`,
  'css-font-face': url =>
    `<style>@font-face{font-family:f;src:url(${url})}p{font-family:f}</style><p>x`,
  'css-font-palette': url =>
    `<style>@font-face{font-family:g;src:local(none),url(${url}) format(woff2)}p{font:1em g}</style><p>x`,
  'css-view-transition': url =>
    `<style>@view-transition{navigation:auto}::view-transition-old(root){background:url(${url})}</style>`,
  'css-highlight': url => `<style>::selection,p::target-text{background:url(${url})}</style><p>x`,
  'css-first-letter': url => `<style>p::first-letter{background:url(${url})}</style><p>x`,
  'css-backdrop': url =>
    `<style>[popover]::backdrop,dialog::backdrop{background:url(${url})}</style><dialog open>x</dialog>`,
  'css-anchor': url =>
    `<style>p{anchor-name:--a}b{position:absolute;position-anchor:--a;position-try-fallbacks:--t;background:url(${url})}@position-try --t{top:anchor(bottom)}</style><p>x</p><b>y</b>`,
  'css-media-print': url => `<style media="all">p{background:url(${url})}</style><p>x`,
  'css-page': url => `<style>@page{background:url(${url});@top-left{content:url(${url})}}</style>`,
  'css-src': url => `<style>p{background:src("${url}")}</style><p>x`,
  'css-unclosed': url => `<p style="background:url(${url}">x`,
  'css-comment': url =>
    `<style>p{background:u/**/rl(${url});background:url(/**/${url})}</style><p>x`,
  'css-null': url => `<style>p{background:url(\0${url});background-image:url(${url})}</style><p>x`,
  'link-stylesheet': url =>
    `<link rel="stylesheet alternate" href="${url}"><link rel=stylesheet href="${url}">`,
  'link-preload': url => `<link rel=preload as=image href="${url}">`,
  'link-preload-imagesrcset': url =>
    `<link rel=preload as=image imagesrcset="${url} 1x" imagesizes=100vw>`,
  'link-modulepreload': url => `<link rel=modulepreload href="${url}">`,
  'link-prefetch': url => `<link rel="prefetch prerender dns-prefetch preconnect" href="${url}">`,
  'link-icon': url => `<link rel="icon shortcut apple-touch-icon" href="${url}">`,
  'link-manifest': url => `<link rel=manifest href="${url}">`,
  'link-dictionary': url => `<link rel=compression-dictionary href="${url}">`,
  'link-expect': url =>
    `<link rel=expect href="#x" blocking=render><link rel=stylesheet href="${url}" blocking=render>`,
  'link-in-body-svg': url => `<svg><style>@import url(${url});</style></svg>`,
  'speculation-rules': url =>
    `<script type=speculationrules>{"prefetch":[{"source":"list","urls":["${url}"]}]}</script>`,
  'import-map': url =>
    `<script type=importmap>{"imports":{"a":"${url}"}}</script><script type=module>import "a"</script>`,
  'script-src': url => `<script src="${url}"></script>`,
  'meta-refresh': url => `<meta http-equiv=refresh content="0;url=${url}">`,
  'meta-csp-report': url =>
    `<meta http-equiv=Content-Security-Policy content="img-src 'none';report-uri ${url}"><img src=x>`,
  'meta-link': url => `<meta http-equiv=Link content="<${url}>;rel=preload;as=image">`,
  base: url => `<base href="${url}/"><img src="x.png">`,
  'base-target': url => `<base href="${url}/" target=_top><a href="x" id=a autofocus>x</a>`,
  'img-src': url => `<img src="${url}">`,
  'img-srcset': url => `<img srcset="${url} 1x, ${url}2 2x">`,
  'img-sizes-auto': url => `<img loading=lazy sizes=auto srcset="${url} 100w">`,
  'img-protocol-relative': () => `<img src="//own.leaking.via/img-protocol-relative">`,
  'img-backslash': () =>
    `<img src="\\\\own.leaking.via/img-backslash"><img src="http:\\\\own.leaking.via/img-backslash">`,
  'img-newline': () => `<img src="ht\ntp://own.leaking.via/img-newline">`,
  'img-crossorigin': url =>
    `<img crossorigin=use-credentials referrerpolicy=unsafe-url src="${url}">`,
  'img-attributionsrc': url => `<img attributionsrc="${url}" src="data:,x">`,
  'picture-source': url => `<picture><source srcset="${url}"><img></picture>`,
  'image-element': url => `<image src="${url}">`,
  'input-image': url => `<input type=image src="${url}">`,
  'video-src': url => `<video src="${url}" autoplay muted></video>`,
  'video-poster': url => `<video poster="${url}"></video>`,
  'video-source': url => `<video autoplay><source src="${url}"></video>`,
  'audio-src': url => `<audio src="${url}" autoplay></audio>`,
  track: url => `<video src="data:video/mp4,x" crossorigin><track default src="${url}"></video>`,
  object: url => `<object data="${url}"></object>`,
  'object-nested': url => `<object data="data:x,"><object data="${url}"></object></object>`,
  embed: url => `<embed src="${url}">`,
  iframe: url => `<iframe src="${url}"></iframe>`,
  'iframe-srcdoc': url => `<iframe srcdoc="&lt;img src='${url}'&gt;"></iframe>`,
  frameset: url => `<frameset><frame src="${url}"></frameset>`,
  portal: url => `<portal src="${url}"></portal>`,
  fencedframe: url => `<fencedframe src="${url}"></fencedframe>`,
  'body-background': url => `<body background="${url}">`,
  'table-background': url => `<table background="${url}"><tr><td background="${url}">x</table>`,
  'svg-use': url => `<svg><use href="${url}#a"/></svg>`,
  'svg-image': url => `<svg><image href="${url}" width=9 height=9 /></svg>`,
  'svg-image-xlink': url => `<svg><image xlink:href="${url}" width=9 height=9 /></svg>`,
  'svg-feimage': url =>
    `<svg><filter id=f><feImage href="${url}"/></filter><rect width=9 height=9 filter="url(#f)"/></svg>`,
  'svg-fill': url =>
    `<svg><rect width=9 height=9 fill="url(${url}#a)" mask="url(${url}#a)"/></svg>`,
  'svg-animate': url =>
    `<svg><image width=9 height=9><animate attributeName=href values="${url}" begin=0s /></image></svg>`,
  'svg-set': url =>
    `<svg><image width=9 height=9><set attributeName=href to="${url}"/></image></svg>`,
  'svg-script': url => `<svg><script href="${url}"></script></svg>`,
  'svg-foreign': url => `<svg><foreignObject><img src="${url}"></foreignObject></svg>`,
  'svg-data': url =>
    `<img src="data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg"><image href="${url}"/></svg>`)}">`,
  'mathml-href': url => `<math href="${url}"><mtext href="${url}">x</mtext></math>`,
  'mathml-style': url => `<math><mtext style="background:url(${url})">x</mtext></math>`,
  'template-shadow': url =>
    `<div><template shadowrootmode=open><img src="${url}"></template></div>`,
  'noscript-img': url => `<noscript><img src="${url}"></noscript>`,
  xmp: url => `<xmp></xmp><img src="${url}"></xmp>`,
  'details-toggle': url => `<details open><summary>x</summary><img src="${url}"></details>`,
  'popover-picture': url =>
    `<div popover id=p><img src="${url}"></div><button popovertarget=p>x</button>`,
  marquee: url => `<marquee style="background:url(${url})">x</marquee>`,
  'hidden-until-found': url => `<div hidden=until-found><img src="${url}"></div>`,
  'fold-of-ours': url =>
    `<p>answer</p><blockquote type=cite style="background:url(${url})"><img src="${url}">${'long '.repeat(200)}</blockquote>`,
  'fold-in-form': url =>
    `<p>a</p><form class=gmail_quote><input name=matches><input name=attributes><input name=parentElement><img src="${url}">${'long '.repeat(200)}</form>`,
}

/** What runs, or moves the page, without any request. */
const actions: Readonly<Record<string, string>> = {
  script: `<script>${ran}</script>`,
  'module-script': `<script type=module>${ran}</script>`,
  'img-onerror': `<img src=data:, onerror="${ran}">`,
  'svg-onload': `<svg onload="${ran}"></svg>`,
  'svg-animate-onbegin': `<svg><animate attributeName=x dur=1s onbegin="${ran}" /></svg>`,
  'math-action': `<math><maction actiontype="statusline#http://x" xlink:href="javascript:${ran}">x</maction></math>`,
  autofocus: `<input autofocus onfocus="${ran}"><a href=x autofocus onfocus="${ran}">x</a>`,
  contenteditable: `<div contenteditable autofocus onfocus="${ran}">x</div>`,
  'popover-toggle': `<button popovertarget=p onclick=1>x</button><div popover id=p onbeforetoggle="${ran}" ontoggle="${ran}">x</div>`,
  commandfor: `<button commandfor=d command=show-modal autofocus>x</button><dialog id=d ontoggle="${ran}" oncommand="${ran}">x</dialog>`,
  'interest-for': `<a href=x interestfor=p>x</a><div popover id=p oninterest="${ran}" ontoggle="${ran}">x</div>`,
  'dialog-open': `<dialog open onclose="${ran}"><form method=dialog><button autofocus>x</button></form></dialog>`,
  'details-ontoggle': `<details open ontoggle="${ran}"><summary>x</summary></details>`,
  'exclusive-details': `<details name=zegel open ontoggle="${ran}">x</details>`,
  'css-animation': `<style>@keyframes k{}</style><p style="animation:k" onanimationstart="${ran}" onanimationend="${ran}">x`,
  'css-transition': `<style>p{transition:color 1ms;color:red}</style><p onbeforematch="${ran}" ontransitionend="${ran}">x`,
  'scroll-snap': `<div style="overflow:scroll;scroll-snap-type:y mandatory" onscrollsnapchange="${ran}" onscroll="${ran}"><p style="scroll-snap-align:end;margin-top:90em">x</div>`,
  'content-visibility': `<p style="content-visibility:auto" oncontentvisibilityautostatechange="${ran}">x`,
  'form-associated': `<form id=f onformdata="${ran}"></form><button form=f formaction="javascript:${ran}" autofocus>x</button>`,
  'iframe-srcdoc-script': `<iframe srcdoc="<script>parent.parent.zegelRan()</script>"></iframe>`,
  'iframe-javascript': `<iframe src="javascript:parent.parent.zegelRan()"></iframe>`,
  'object-data-html': `<object data="data:text/html,<script>parent.zegelRan()</script>"></object>`,
  'embed-data-svg': `<embed src="data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' onload='parent.zegelRan()'/>">`,
  'meta-refresh-javascript': `<meta http-equiv=refresh content="0;url=javascript:${ran}">`,
  'meta-refresh-data': `<meta http-equiv=refresh content="0;url=data:text/html,<script>parent.zegelRan()</script>">`,
  'base-javascript': `<base href="javascript:/a/-${ran}//"><a href="//%0aparent.zegelRan()">x</a>`,
  'link-javascript': `<a href="jav&#x09;ascript:${ran}">x</a><area href="javascript:${ran}">`,
  'svg-a': `<svg><a xlink:href="javascript:${ran}"><text y=9>x</text></a></svg>`,
  'svg-a-animate': `<svg><a><animate attributeName=href values="javascript:${ran}"/><text y=9>x</text></a></svg>`,
  'template-shadow-script': `<div><template shadowrootmode=open><img src=data:, onerror="${ran}"></template></div>`,
  'style-end': `<style>p::before{content:"\\3c/style\\3e\\3cimg src=data:, onerror=${ran}\\3e"}</style>`,
  'style-namespace': `<svg></p><style><a id="</style><img src=data:, onerror=${ran}>">`,
  'math-mutation': `<form><math><mtext></form><form><mglyph><style></math><img src=data:, onerror=${ran}>`,
  'noscript-mutation': `<noscript><p title="</noscript><img src=data:, onerror=${ran}>">`,
  'comment-mutation': `<!--><img src=data:, onerror=${ran}>-->`,
  'processing-instruction': `<?xml-stylesheet href="data:,"?><img src=data:, onerror="${ran}">`,
  'clobbered-attributes': `<form onclick="${ran}"><input name=attributes><input name=parentNode><img src=data:, onerror="${ran}"></form>`,
  'fold-mutation': `<p>answer</p><blockquote type=cite><svg><style><img src=data:, onerror=${ran}></style></svg>${'long '.repeat(200)}</blockquote>`,
  'fold-deep': `<p>answer</p><div class=gmail_quote><blockquote>${'<div>'.repeat(300)}<img src=data:, onerror="${ran}">${'long '.repeat(200)}</blockquote></div>`,
  'summary-of-ours': `<details class=zegel-quote open ontoggle="${ran}"><summary onclick="${ran}">x</summary>y</details>`,
}

export const requestVectors: readonly OwnVector[] = Object.entries(requests).map(
  ([name, html]) => ({ name, html: html(at(name)) }),
)

export const actionVectors: readonly OwnVector[] = Object.entries(actions).map(([name, html]) => ({
  name,
  html,
}))

/** The name of the vector that a recorded request belongs to. */
export function vectorOf(request: string): string {
  return /^GET \/([\w-]+?)2?(?:\/[^ ]*)? /.exec(request)?.[1] ?? request
}
