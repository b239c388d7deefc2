//! Where a request comes from, as far as can be told: for counting what strangers do, never for
//! letting anybody in.
//!
//! TLS ends in front of Hallpass, so the other side of a connection is usually a proxy, on this
//! machine or in the same network. Then the last address that it says it forwards for is meant.
use axum::http::{Extensions, HeaderMap};
use std::net::{IpAddr, Ipv6Addr};

/// What proxies name the sender in.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The other side of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Peer(pub(super) IpAddr);

/// Where a request comes from; nothing where it came over no connection of ours.
pub(super) fn client(headers: &HeaderMap, extensions: &Extensions) -> String {
    let Some(Peer(peer)) = extensions.get::<Peer>().copied() else { return String::new() };
    let address = if is_near(peer) { forwarded_for(headers).unwrap_or(peer) } else { peer };
    household(address)
}

/// Whether it is on this machine or in its network, as a proxy is.
fn is_near(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.is_loopback() || v4.is_private() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

/// The last address of the last line: what stands before was said by somebody else.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    let line = headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
    line.rsplit(',').next()?.trim().parse().ok()
}

/// One household has many addresses of the sixth version, all with the same half.
fn household(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(peer: &str, forwarded: &[&'static str]) -> String {
        let (mut headers, mut extensions) = (HeaderMap::new(), Extensions::new());
        for line in forwarded {
            headers.append(FORWARDED_FOR, line.parse().unwrap());
        }
        extensions.insert(Peer(peer.parse().unwrap()));
        client(&headers, &extensions)
    }

    #[test]
    fn a_proxy_beside_us_says_where_a_request_comes_from_and_nobody_else() {
        assert_eq!(of("127.0.0.1", &[]), "127.0.0.1");
        assert_eq!(of("127.0.0.1", &["203.0.113.7"]), "203.0.113.7");
        assert_eq!(of("172.17.0.1", &["1.1.1.1, 203.0.113.7"]), "203.0.113.7");
        assert_eq!(of("::ffff:10.0.0.1", &["1.1.1.1", "203.0.113.7"]), "203.0.113.7");
        assert_eq!(of("127.0.0.1", &["nonsense"]), "127.0.0.1");
        assert_eq!(of("203.0.113.9", &["203.0.113.7"]), "203.0.113.9");
        assert_eq!(of("::1", &["2001:db8:1:2:3:4:5:6"]), "2001:db8:1:2::/64");
        assert_eq!(client(&HeaderMap::new(), &Extensions::new()), "");
    }
}
