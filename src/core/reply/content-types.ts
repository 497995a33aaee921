/** What a browser posts, and what the portal hands over. docs/replies.md §2, §3 */
export const REPLY_TYPE = 'application/vnd.zegel.reply'
export const HAND_OVER_TYPE = 'application/vnd.zegel.hand-over'
