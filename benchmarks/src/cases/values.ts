const comments = Array.from({ length: 8 }, (_, i) => ({
  id: i,
  author: `user ${i}`,
  text: `A remark about paragraph ${i}.`,
  score: i / 4,
  resolved: i % 2 === 0,
  when: new Date(Date.UTC(2026, 0, i + 1)),
}));

/**
 * An object of two kilobytes with nine dates: text, numbers, lists, nested objects. A clone,
 * because V8 may keep text that was put together in pieces. JSON.stringify is slower then, but
 * only in some launches. Text that was read or received is in one piece.
 */
export const documentWithDates = structuredClone({
  id: 4711,
  title: "Minutes of the meeting",
  body: "The quick brown fox jumps over the lazy dog. ".repeat(25),
  tags: ["minutes", "draft", "internal"],
  author: { id: 17, name: "Ada Lovelace", admin: true, email: "ada@example.com" },
  comments,
  created: new Date(Date.UTC(2026, 0, 1)),
});
