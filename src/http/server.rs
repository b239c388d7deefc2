//! Serves routes on a listener: bounded connections, bounded times, a graceful end.
use super::client::Peer;
use super::dress::Dressed;
use super::seat::{Seat, Seats, Stage, Stays};
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use axum::response::IntoResponse;
use futures_util::future::BoxFuture;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::Service;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{sleep, sleep_until, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// Headers of one request, and what is buffered of a connection at a time.
const BUFFER_BYTES: usize = 8 * 1024;
/// How much of a refused body is still taken, so that the sender gets to read the refusal.
const LINGER_BYTES: u64 = 4 * 1024 * 1024;
/// Pause after accepting failed; out of file handles, say.
const ACCEPT_PAUSE: Duration = Duration::from_millis(20);

/// The bounds of a server.
#[derive(Debug, Clone, Copy)]
pub struct Limits {
    /// Connections at a time; below a common 1,024 file handles, and each costs some 20 KB.
    pub connections: usize,
    /// What all bodies hold together until they are unpacked: 80 of a usual 50 KB.
    pub body_bytes: usize,
    /// From the first byte of a request to the end of its headers.
    pub headers: Duration,
    /// From there to the answer.
    pub request: Duration,
    /// Between requests; longer than proxies keep a connection, so that they close first.
    pub silent: Duration,
    /// How long a refused sender may go on.
    pub linger: Duration,
    /// How long requests may still take after the stop.
    pub finish: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            body_bytes: 4 * 1024 * 1024,
            headers: Duration::from_secs(5),
            request: Duration::from_secs(10),
            silent: Duration::from_secs(120),
            linger: Duration::from_millis(500),
            finish: Duration::from_secs(7),
        }
    }
}

/// Serves `routes` (see [`super::dressed`]) until `stop`, then lets the requests that are under
/// way finish.
pub async fn serve(
    listener: TcpListener,
    routes: Dressed,
    limits: Limits,
    stop: CancellationToken,
) {
    let seats = Seats::new(limits.connections, limits.body_bytes);
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, from)) => {
                // Answers are small and whole: waiting to fill a packet only adds delay.
                let _ = stream.set_nodelay(true);
                let Some(seat) = seats.take() else { continue };
                let connection = Connection::new((seat, Peer(from.ip())), routes.clone(), limits);
                connections.spawn(connection.run(stream, stop.clone()));
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                seats.make_room();
                sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    connections.close();
    if timeout(limits.finish, connections.wait()).await.is_err() {
        tracing::warn!(left = connections.len(), "some requests did not finish in time");
        seats.clear();
        connections.wait().await;
    }
}

/// One connection's way through its requests.
#[derive(Clone)]
struct Connection {
    seat: Arc<Seat>,
    peer: Peer,
    routes: Dressed,
    limits: Limits,
    was_refused: Arc<AtomicBool>,
}

impl Connection {
    fn new((seat, peer): (Seat, Peer), routes: Dressed, limits: Limits) -> Self {
        Self { seat: Arc::new(seat), peer, routes, limits, was_refused: Arc::default() }
    }

    async fn run(self, stream: TcpStream, stop: CancellationToken) {
        let leave = self.seat.leave.clone();
        tokio::select! {
            () = leave.cancelled() => {}
            () = self.until_late() => {}
            () = self.converse(stream, &stop) => {}
        }
    }

    /// Returns when the connection has stayed too long where it is.
    async fn until_late(&self) {
        let Limits { silent, headers, request, .. } = self.limits;
        let stays = Stays { silent, headers, request };
        while let Some((stage, since)) = self.seat.stage() {
            let until = stays.until(stage, since);
            if until <= tokio::time::Instant::now() {
                return;
            }
            // A stage that is reached meanwhile may end sooner than this one.
            sleep_until(until.min(tokio::time::Instant::now() + headers)).await;
        }
    }

    async fn converse(&self, stream: TcpStream, stop: &CancellationToken) {
        let heard = Heard { stream, seat: self.seat.clone() };
        let mut connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.silent)
            .max_buf_size(BUFFER_BYTES)
            .serve_connection(TokioIo::new(heard), self.clone());
        let ended = {
            let mut asked_to_stop = pin!(stop.cancelled());
            let mut is_stopping = false;
            std::future::poll_fn(|cx| {
                if !is_stopping && asked_to_stop.as_mut().poll(cx).is_ready() {
                    is_stopping = true;
                    Pin::new(&mut connection).graceful_shutdown();
                }
                connection.poll_without_shutdown(cx)
            })
            .await
        };
        // What ends a connection early is the other side's doing and of no interest here.
        if ended.is_ok() {
            self.part(connection.into_parts().io.into_inner().stream).await;
        }
    }

    /// Says goodbye; who was refused in mid-sentence is heard for a little longer, for closing
    /// at once would destroy the answer on its way.
    async fn part(&self, mut stream: TcpStream) {
        if stream.shutdown().await.is_err() || !self.was_refused.load(Ordering::Relaxed) {
            return;
        }
        let mut rest = stream.take(LINGER_BYTES);
        let mut nowhere = tokio::io::sink();
        let drained = tokio::io::copy(&mut rest, &mut nowhere);
        // Whoever goes on longer than this is cut off.
        let _ = timeout(self.limits.linger, drained).await;
    }

    async fn answer(self, mut request: Request<Incoming>) -> Response<Body> {
        self.seat.reached(Stage::Body);
        request.extensions_mut().insert(self.seat.clone());
        request.extensions_mut().insert(self.peer);
        let answering = self.routes.routes.oneshot(request.map(Body::new));
        let mut response = match timeout(self.limits.request, answering).await {
            Ok(Ok(response)) => response,
            Ok(Err(never)) => match never {},
            Err(_) => match self.seat.stage() {
                Some((Stage::Answered, _)) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
                Some(_) | None => StatusCode::REQUEST_TIMEOUT.into_response(),
            },
        };
        // Both may be answered before the body is read whole.
        if [StatusCode::PAYLOAD_TOO_LARGE, StatusCode::UNAUTHORIZED].contains(&response.status()) {
            self.was_refused.store(true, Ordering::Relaxed);
        }
        self.routes.careful.put_on(&mut response);
        self.seat.reached(Stage::Silent);
        response
    }
}

impl Service<Request<Incoming>> for Connection {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Self::Response, Infallible>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let connection = self.clone();
        Box::pin(async move { Ok(connection.answer(request).await) })
    }
}

/// A stream that tells its seat when something was heard.
struct Heard {
    stream: TcpStream,
    seat: Arc<Seat>,
}

impl AsyncRead for Heard {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<std::io::Result<()>> {
        let before = buf.filled().len();
        let read = Pin::new(&mut self.stream).poll_read(cx, buf);
        if buf.filled().len() > before {
            self.seat.heard();
        }
        read
    }
}

impl AsyncWrite for Heard {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &[u8],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[std::io::IoSlice<'_>],
    ) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
