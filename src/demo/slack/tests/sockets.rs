//! Socket Mode, against the client half of tokio-tungstenite.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use super::{World, call, call_as};
use crate::demo::slack::{Disconnect, Fault, Filter, State};

type Client = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn connect(world: &World) -> Client {
    let opened = call_as(&world.ws, "apps.connections.open", json!({}), "xapp-local").await.1;
    let (mut client, _) = connect_async(opened["url"].as_str().unwrap()).await.unwrap();
    assert_eq!(receive(&mut client).await["type"], "hello");
    client
}

async fn receive(client: &mut Client) -> Value {
    let frame = client.next().await.unwrap().unwrap();
    serde_json::from_str(frame.to_text().unwrap()).unwrap()
}

async fn ack(client: &mut Client, envelope: &Value, payload: Value) {
    let ack = json!({"envelope_id": envelope["envelope_id"], "payload": payload});
    client.send(Frame::text(ack.to_string())).await.unwrap();
}

async fn open_are(world: &World, count: usize) {
    let ws = world.ws.clone();
    let look = |state: &State| (state.open_sockets() == count).then_some(());
    ws.wait_for(look, Duration::from_secs(5)).await.unwrap();
}

#[tokio::test]
async fn an_envelope_is_answered_with_a_payload() {
    let world = World::quiet().await;
    let mut client = connect(&world).await;
    open_are(&world, 1).await;

    let ws = world.ws.clone();
    let typing = tokio::spawn(async move { ws.slash("U1", "help").await });
    let envelope = receive(&mut client).await;
    ack(&mut client, &envelope, json!({"text": "Help is near"})).await;

    assert!(typing.await.unwrap().is_ok());
    assert_eq!(envelope["type"], "slash_commands");
    assert_eq!(envelope["accepts_response_payload"], true);
    assert_eq!(envelope["payload"]["text"], "help");
    assert_eq!(world.ws.ephemerals("U1")[0].text, "Help is near");
    assert!(world.got.lock().unwrap().is_empty());
}

#[tokio::test]
async fn an_envelope_of_a_cut_connection_goes_to_another() {
    let world = World::quiet().await;
    let mut first = connect(&world).await;
    open_are(&world, 1).await;
    let ws = world.ws.clone();
    let typing = tokio::spawn(async move { ws.slash("U1", "help").await });
    let envelope = receive(&mut first).await;
    let mut second = connect(&world).await;

    drop(first);
    let again = receive(&mut second).await;
    ack(&mut second, &again, Value::Null).await;

    assert_eq!(again, envelope);
    assert!(typing.await.unwrap().is_ok());
}

#[tokio::test]
async fn a_disconnect_is_told_and_a_ticket_is_good_once() {
    let world = World::quiet().await;
    let mut client = connect(&world).await;
    open_are(&world, 1).await;

    world.ws.disconnect(Disconnect::Warning).await;
    assert_eq!(receive(&mut client).await["reason"], "warning");
    assert_eq!(world.ws.read(State::open_sockets), 1);
    world.ws.disconnect(Disconnect::RefreshRequested).await;
    assert_eq!(receive(&mut client).await["reason"], "refresh_requested");
    open_are(&world, 0).await;

    let opened = call_as(&world.ws, "apps.connections.open", json!({}), "xapp-local").await.1;
    let url = opened["url"].as_str().unwrap();
    let (_client, _) = connect_async(url).await.unwrap();
    assert!(connect_async(url).await.is_err());
    world.ws.disconnect(Disconnect::LinkDisabled).await;
    let refused = call_as(&world.ws, "apps.connections.open", json!({}), "xapp-local").await.1;
    assert_eq!(refused["error"], "link_disabled");
}

#[tokio::test]
async fn a_shutdown_ends_streams_sockets_and_held_calls() {
    let world = World::quiet().await;
    let _client = connect(&world).await;
    open_are(&world, 1).await;
    world.ws.fault("auth.test", Filter::default(), Fault::HoldBefore, 1);
    let ws = world.ws.clone();
    let held = tokio::spawn(async move { call(&ws, "auth.test", json!({})).await });
    let uri = format!("{}ui/stream", world.ws.page_url()).parse().unwrap();
    let _stream = world.ws.client().get(uri).await.unwrap();
    let arrived = |state: &State| (!state.calls("auth.test").is_empty()).then_some(());
    world.ws.wait_for(arrived, Duration::from_secs(5)).await.unwrap();

    let ended = tokio::time::timeout(Duration::from_secs(5), world.ws.shutdown()).await;

    assert!(ended.is_ok());
    assert_eq!(held.await.unwrap().0, 200);
}
