/** Comments in order, each given to the code beside it. @module */
import type { Comment } from "../syntax/tree.ts";

export interface PlacedComment {
  readonly text: string;
  /** True if there is a blank line above it. */
  readonly gap: boolean;
}

export interface CommentQueue {
  before(offset: number): PlacedComment[];
  /** Takes the comment behind an offset on its line, if it begins before `next`. */
  behind(offset: number, next: number): string | undefined;
  /** True if there is a comment between two offsets. */
  within(start: number, end: number): boolean;
  /** True if there is a blank line above an offset. */
  gapBefore(offset: number): boolean;
  /** Comments up to an offset will be moved, and are no doc comments at their new place. */
  demote(offset: number): void;
}

export function commentQueue(comments: readonly Comment[], text: string): CommentQueue {
  let next = 0;
  let demoted = 0;
  const gapBefore = (offset: number) => /\n[ \t\r]*\n\s*$/.test(blankBefore(text, offset));
  return {
    before(offset) {
      const taken: PlacedComment[] = [];
      for (; next < comments.length && comments[next].span.start < offset; next++) {
        const comment = comments[next];
        const moved = !comment.ownLine || comment.span.start < demoted;
        taken.push({
          text: write(comment, moved),
          gap: comment.ownLine && gapBefore(comment.span.start),
        });
      }
      return taken;
    },
    behind(offset, end) {
      const comment = comments[next];
      if (!comment || comment.ownLine) return undefined;
      const { start } = comment.span;
      if (start < offset || start >= end || text.slice(offset, start).includes("\n")) {
        return undefined;
      }
      next++;
      return write(comment, true);
    },
    within: (start, end) => {
      for (let i = next; i < comments.length && comments[i].span.start < end; i++) {
        if (comments[i].span.start >= start) return true;
      }
      return false;
    },
    gapBefore,
    demote: (offset) => {
      demoted = Math.max(demoted, offset);
    },
  };
}

function blankBefore(text: string, offset: number): string {
  let start = offset;
  while (start > 0 && /\s/.test(text[start - 1])) start--;
  return text.slice(start, offset);
}

/** A comment as it is written: one space after the sign, none at the end. */
function write({ text, doc }: Comment, moved: boolean): string {
  const sign = doc && !moved ? "##" : "#";
  const rest = doc && moved ? text.replace(/^#+/, "") : text;
  if (rest.trim() === "") return sign;
  // Rulers and `#!` lines are left as they are.
  const spaced = /^[\s#!]/.test(rest) ? rest : ` ${rest}`;
  return sign + spaced.trimEnd();
}
