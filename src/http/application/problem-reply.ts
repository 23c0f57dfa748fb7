import { randomUUID } from "node:crypto";
import type { Socket } from "node:net";

import type { FastifyReply } from "fastify";

import { PROBLEM_MEDIA_TYPE, problem, type Problem } from "../problems.js";

/** Sends a problem as it is. */
export function sendProblem(reply: FastifyReply, answer: Problem): FastifyReply {
  // Serialised here: a route's answer schema must not cut a problem's extensions.
  return reply
    .status(answer.status)
    .header("content-type", PROBLEM_MEDIA_TYPE)
    .serializer(String)
    .send(JSON.stringify(answer));
}

/** What a connection gets that does not speak HTTP. */
export function answerBrokenConnection(socket: Socket): void {
  if (socket.writable) {
    const body = JSON.stringify(problem("http/bad-connection", randomUUID()));
    const head = `HTTP/1.1 400 Bad Request\r\nContent-Type: ${PROBLEM_MEDIA_TYPE}\r\nContent-Length: ${Buffer.byteLength(body)}`;
    socket.write(`${head}\r\nConnection: close\r\n\r\n${body}`);
  }
  socket.destroySoon();
}
