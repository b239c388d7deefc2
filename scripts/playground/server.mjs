// A small HTTP server on a free port of this machine.
import http from 'node:http';

export class Server {
  // `answer` takes {method, path, headers, text} and gives {status, body}.
  static async start(answer) {
    const server = http.createServer(async (request, response) => {
      let text = '';
      for await (const part of request) text += part;
      const { method, url: path, headers } = request;
      let answered;
      try {
        answered = await answer({ method, path, headers, text });
      } catch (error) {
        answered = { status: 502, body: { error: { code: 'BadGateway', message: error.message } } };
      }
      const { status = 200, body } = answered;
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
    return new Server(server);
  }

  constructor(server) {
    this.server = server;
    this.url = `http://127.0.0.1:${server.address().port}`;
  }

  async stop() {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
