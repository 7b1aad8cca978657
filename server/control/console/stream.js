// Parses text/event-stream: chunks of text in, complete events out.

// The parser takes chunks as they arrive and calls onEvent({id, event, data}) for each event with data; `id` is that of
// the last event that had one. An event longer than the limit, in characters, is an error.
export function streamParser(onEvent, limit = 1_000_000) {
  let rest = "";
  let id = "";
  let event = "";
  let data = [];
  let size = 0;

  const line = (text) => {
    if (text === "") {
      if (data.length) onEvent({ id, event: event || "message", data: data.join("\n") });
      event = "";
      data = [];
      size = 0;
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return; // a comment
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(text[colon + 1] === " " ? colon + 2 : colon + 1);
    if (field === "data") data.push(value);
    else if (field === "event") event = value;
    else if (field === "id" && !value.includes("\0")) id = value;
  };

  return (chunk) => {
    rest += chunk;
    let from = 0;
    // A CR at the end may be half of a CRLF.
    for (const end of rest.matchAll(/\r\n|\r(?!$)|\n/g)) {
      size += end.index - from;
      if (size > limit) throw new Error("an event of the stream is too long");
      line(rest.slice(from, end.index));
      from = end.index + end[0].length;
    }
    rest = rest.slice(from);
    if (size + rest.length > limit) throw new Error("an event of the stream is too long");
  };
}

// How long to wait before attempt number `tries` (from 0), in milliseconds: increasing, up to ten seconds.
export const backOff = (tries) => Math.min(10_000, 250 * 2 ** Math.min(tries, 10));
