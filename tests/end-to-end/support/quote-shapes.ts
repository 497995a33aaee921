/** How mail programs write an answer above the message that it answers; `OLDER` stands for the text of that. */
export const quoteShapes: readonly (readonly [program: string, html: string])[] = [
  [
    'Gmail',
    '<div dir="ltr">NEW</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Mon, Bob wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex"><div>OLDER</div></blockquote></div>',
  ],
  [
    'Gmail on a phone',
    '<div dir="auto">NEW</div><br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">On Mon, Bob wrote:<br></div><blockquote class="gmail_quote">OLDER</blockquote></div>',
  ],
  [
    'Apple Mail',
    '<html><head></head><body style="overflow-wrap: break-word;">NEW<br><div><br><blockquote type="cite"><div>On 1 Jan 2024, at 10:00, Bob wrote:</div><br class="Apple-interchange-newline"><div>OLDER</div></blockquote></div><br></body></html>',
  ],
  [
    'Mail of an iPhone',
    '<html><body dir="auto">NEW<br><div dir="ltr"><br><blockquote type="cite">On 1 Jan 2024, at 10:00, Bob wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">\ufeff<div>OLDER</div></div></blockquote></body></html>',
  ],
  [
    'Thunderbird',
    '<html><head><meta charset="UTF-8"></head><body><p>NEW</p><div class="moz-cite-prefix">On 1/1/24 Bob wrote:<br></div><blockquote type="cite" cite="mid:1@example.com"><p>OLDER</p></blockquote><br></body></html>',
  ],
  [
    'Yahoo',
    '<html><body><div class="yahoo-style-wrap"><div>NEW</div></div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>On Monday, Bob wrote:</div><div>OLDER</div></div></body></html>',
  ],
  [
    'Yahoo, answered once more',
    '<div>NEW</div><div id="ydp1yahoo_quoted_1" class="ydp1yahoo_quoted"><div>On Monday, Bob wrote:</div><div>OLDER</div></div>',
  ],
  [
    'Yahoo on a phone',
    'NEW<br><br><div id="yMail_cursorElementTracker_1"><br></div><blockquote style="margin: 0 0 20px 0;"><div>On Mon, Bob wrote:</div><div>OLDER</div></blockquote>',
  ],
  [
    'Outlook on the web',
    '<div class="elementToProof">NEW</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><b>From:</b> Bob<br><b>Sent:</b> Monday</div><div><div>OLDER</div></div>',
  ],
  [
    'Outlook for Windows',
    '<div class="WordSection1"><p class="MsoNormal">NEW</p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0cm 0cm 0cm"><p class="MsoNormal"><b>From:</b> Bob<br><b>Sent:</b> Monday<br><b>To:</b> Alice</p></div></div><p class="MsoNormal">OLDER</p></div>',
  ],
  [
    'Outlook on a phone',
    '<div dir="ltr">NEW</div><div id="ms-outlook-mobile-signature">Sent from Outlook</div><div id="mail-editor-reference-message-container" class="ms-outlook-mobile-reference-message skipProofing"><hr><div><b>From:</b> Bob</div><div>OLDER</div></div>',
  ],
  [
    'Proton Mail',
    '<div>NEW</div><div class="protonmail_signature_block protonmail_signature_block-empty"></div><div class="protonmail_quote">On Monday, Bob wrote:<br><blockquote class="protonmail_quote" type="cite">OLDER</blockquote><br></div>',
  ],
  [
    'Zoho Mail',
    '<div style="font-family: Verdana"><div>NEW</div><br><div class="zmail_extra" style="border-left: 0px" data-zbluepencil-ignore="true"><br><div id="Zm-_Id_-Sgn1">---- On Mon, Bob wrote ---</div><br><blockquote style="margin: 0px;"><div>OLDER</div></blockquote></div></div>',
  ],
  [
    'GMX and web.de',
    '<html><head></head><body><div style="font-family: Verdana;font-size: 12.0px;"><div>NEW</div><div>&nbsp;<div name="quote" style="margin:10px 5px 5px 10px; border-left:2px solid #C3D9E5;"><div><b>Gesendet:</b> Montag<br><b>Von:</b> Bob</div><div name="quoted-content">OLDER</div></div></div></div></body></html>',
  ],
]

/** What is no older message at the end, and stays to be seen. */
export const noQuoteShapes: readonly (readonly [what: string, html: string])[] = [
  [
    'answers between the lines',
    '<p>See below.</p><div class="moz-cite-prefix">On 1/1/24 Bob wrote:</div><blockquote type="cite">OLDER</blockquote><p>NEW</p><blockquote type="cite">OLDER</blockquote><p>NEW</p>',
  ],
  ['an answer below', '<blockquote type="cite">OLDER</blockquote><p>NEW</p>'],
  [
    'a forwarded message',
    '<div>NEW</div><div class="gmail_quote"><div class="gmail_attr">---------- Forwarded message ---------<br>From: Bob</div>OLDER</div>',
  ],
  ['a quotation of the letter itself', '<p>NEW</p><blockquote>OLDER</blockquote>'],
]
