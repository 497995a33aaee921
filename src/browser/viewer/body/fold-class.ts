/** Marks a fold of ours for the frame's style sheet. */
export const foldClass = 'zegel-quote'
