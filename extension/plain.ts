// Names and messages that come from outside, for the editor's own labels, which read icons and links in them.

/** Characters that are not seen and move or hide what is: controls but for the line's end, and turns of direction. */
// eslint-disable-next-line no-control-regex
const unseen = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** Takes no width and breaks what it stands in. */
const joiner = '\u2060';

/** The text with a sign in place of each character that would move or hide others. */
export function visible(text: string): string {
  return text.replace(unseen, '\ufffd');
}

/** The text so that `$(icon)` and `[a link](command:...)` in it are shown as they are written. */
export function plain(text: string): string {
  return visible(text).replaceAll('$(', `$${joiner}(`).replaceAll('](', `]${joiner}(`);
}
