/** Bounds on what one mail can make the reader do. Beyond them the mail is still shown, with a warning. */

/** 10,000 nested multiparts: a deeper one is not opened but handed out as a file. */
export const MAX_DEPTH = 200
/** Signatures around signatures: each one is a copy of what is inside. */
export const MAX_SIGNATURES = 3
/** A million empty parts: what follows the last allowed part stays inside it. */
export const MAX_PARTS = 10_000
/** Header floods: further fields of the same name are not kept. */
export const MAX_FIELDS_PER_NAME = 50
/** One endless folded field: the rest of it is not read. Room for some 4,000 recipients. */
export const MAX_FIELD_BYTES = 262_144
/** A field of commas: further mailboxes are not listed. */
export const MAX_MAILBOXES = 5_000
/** `a*0*=…; a*1*=…` without end. */
export const MAX_PARAMETERS = 1_000
/** Longer file names are refused by file systems (255 octets) or hide their ending. */
export const MAX_FILE_NAME_OCTETS = 200
/** Longer dates are none: bounds the work of the pattern. */
export const MAX_DATE_LENGTH = 200
/** Subjects are one line in a page, not a document. */
export const MAX_SUBJECT_LENGTH = 10_000
/** Messages in messages: deeper ones are files to save. Each is opened by a click of its own. */
export const MAX_MESSAGE_DEPTH = 10
/** Calendars and cards of more lines: what follows is not read. */
export const MAX_CONTENT_LINES = 100_000
/** BEGIN in BEGIN: what is deeper is left out. Real ones need three. */
export const MAX_COMPONENT_DEPTH = 10
/** Larger calendars and cards are files to save, not something to show. */
export const MAX_SMALL_FILE_BYTES = 2_000_000
/** A page of events: the file has the others. */
export const MAX_EVENTS = 50
/** Attendees that are listed of an event. */
export const MAX_ATTENDEES = 500
/** RDATE and EXDATE of an event. */
export const MAX_LISTED_TIMES = 50
/** Descriptions and notes are cut here. */
export const MAX_NOTE_LENGTH = 50_000
/** A winmail.dat with more files: the others stay inside it. */
export const MAX_UNPACKED_FILES = 1_000
/** Properties of a message or file in a winmail.dat that are looked at. */
export const MAX_PROPERTIES = 5_000
/** Compressed RTF grows eightfold; a text that would be larger stays in its winmail.dat. Read in seconds on a phone. */
export const MAX_RTF_BYTES = 8_000_000
/** RTF groups in groups: what is deeper is read as if it were at this depth. */
export const MAX_RTF_DEPTH = 1_000
/** A page of contact cards: the file has the others. */
export const MAX_CARDS = 100
/** Phones, mails and so on of one card. */
export const MAX_CARD_ENTRIES = 50
/** Larger pictures of a card are left out: each is drawn as small as a stamp. */
export const MAX_PHOTO_BYTES = 2_000_000
/** A few kilobytes can say that they are a thousand million pixels, each four bytes of memory. Those of large cameras are 100 million. */
export const MAX_PIXELS = 120_000_000
/** Recipients of a delivery report that are listed. */
export const MAX_REPORT_RECIPIENTS = 200
/** Fields of a delivery report that are listed. */
export const MAX_REPORT_FIELDS = 500
/** Calendars, cards and winmail.dat of one mail that are read: the worst of them takes a tenth of a second, and the page a card. */
export const MAX_READ_PARTS = 20
/** Longer texts are not compared with those of a winmail.dat. */
export const MAX_COMPARED_LENGTH = 2_000_000
/** Longer texts are not folded: nobody wrote them. */
export const MAX_QUOTE_LINES = 50_000
