// The values to send. They are plain JSON, which every contestant can send, except for the dates of
// `documentWithDates`.

/** An object of two kilobytes, typical of an application: text, numbers, lists, nested objects. */
export const document = {
  id: 4711,
  title: "Minutes of the meeting",
  body: "The quick brown fox jumps over the lazy dog. ".repeat(25),
  tags: ["minutes", "draft", "internal"],
  author: { id: 17, name: "Ada Lovelace", admin: true, email: "ada@example.com" },
  comments: Array.from({ length: 8 }, (_, i) => ({
    id: i,
    author: `user ${i}`,
    text: `A remark about paragraph ${i}.`,
    score: i / 4,
    resolved: i % 2 === 0,
  })),
};

/** The same with dates in it. */
export const documentWithDates = {
  ...document,
  created: new Date(Date.UTC(2026, 0, 1)),
  comments: document.comments.map((comment, i) => ({
    ...comment,
    when: new Date(Date.UTC(2026, 0, i + 1)),
  })),
};
