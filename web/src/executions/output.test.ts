import { describe, expect, it } from "vitest";
import { bytesOf, lines } from "./output";

function body(...chunks: (string | Uint8Array)[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks)
        controller.enqueue(typeof chunk === "string" ? encoder.encode(chunk) : chunk);
      controller.close();
    },
  });
}

describe("the stream of output", () => {
  it("is read line by line however it is cut", async () => {
    const read = [];
    for await (const line of lines(
      body('{"stream":"std', 'out","data":"YQ=="}\n{"out', 'come":"succeeded"}\n'),
    ))
      read.push(line);
    expect(read).toEqual([{ stream: "stdout", data: "YQ==" }, { outcome: "succeeded" }]);
  });
  it("gives bytes back as they were", () => {
    expect([...bytesOf("AP+A")]).toEqual([0, 255, 128]);
  });
});
