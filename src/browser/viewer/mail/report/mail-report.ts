/** What a mail program reports about a mail (multipart/report, RFC 6522). Plain data; all texts are unsafe, one line each. */
export interface MailReport {
  /** Of delivery (RFC 3464), of reading (RFC 8098), or of another kind. */
  readonly kind: 'delivery' | 'disposition' | 'other'
  /** Who it is about; at most MAX_REPORT_RECIPIENTS. */
  readonly recipients: readonly ReportRecipient[]
  /** Every field in the order of the report, its groups one after the other; at most MAX_REPORT_FIELDS. */
  readonly fields: readonly ReportField[]
}

export interface ReportRecipient {
  /** Empty when there is none. */
  readonly address: string
  /** RFC 3464 §2.3.3; `displayed` and `deleted` of a disposition (RFC 8098 §3.2.6.2); null when unknown. */
  readonly action:
    'failed' | 'delayed' | 'delivered' | 'relayed' | 'expanded' | 'displayed' | 'deleted' | null
  /** `5.1.1`; empty when there is none. */
  readonly status: string
  /** What the other server said; empty when there is none. */
  readonly diagnostic: string
}

export interface ReportField {
  /** As written: `Final-Recipient`. */
  readonly name: string
  readonly value: string
}
