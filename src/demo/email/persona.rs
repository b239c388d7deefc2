//! One browser, six people: who sits at it, and what the others left in it.
//!
//! A browser that is signed in holds a cookie. When another person sits down, that cookie is put
//! aside under their name, in this browser itself, and theirs is taken out. What nobody got by
//! signing in, nobody gets here.
use super::PEOPLE;
use axum::http::{HeaderMap, HeaderValue, header};

/// The cookie that the bot's pages know a signed-in browser by, where there is no TLS.
const SESSION: &str = "hallpass";
/// The cookie that says who sits here.
const HERE: &str = "hallpass-demo-here";

/// The cookies to set so that `person` sits at this browser; none where they do.
pub(super) fn sits_down(headers: &HeaderMap, person: &str) -> Vec<HeaderValue> {
    let here = cookie(headers, HERE).filter(|here| is_known(here));
    if here == Some(person) {
        return Vec::new();
    }
    let mut set = vec![kept(HERE, person, "/demo")];
    if let Some(here) = here {
        let aside = cookie(headers, SESSION).unwrap_or_default();
        set.push(kept(&aside_of(here), aside, "/demo"));
    }
    let theirs = cookie(headers, &aside_of(person)).unwrap_or_default();
    set.push(kept(SESSION, theirs, "/"));
    set.into_iter().filter_map(|line| HeaderValue::from_str(&line).ok()).collect()
}

fn is_known(person: &str) -> bool {
    PEOPLE.iter().any(|(id, ..)| *id == person)
}

fn aside_of(person: &str) -> String {
    format!("hallpass-demo-aside-{person}")
}

/// A cookie until the browser is closed; gone where it holds nothing.
fn kept(name: &str, value: &str, path: &str) -> String {
    let age = if value.is_empty() { "; Max-Age=0" } else { "" };
    format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax{age}")
}

fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let mut pairs = lines.flat_map(|line| line.split(';')).filter_map(|one| one.split_once('='));
    let (_, value) = pairs.find(|(known, _)| known.trim() == name)?;
    Some(value.trim()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(cookies: &str, person: &str) -> Vec<String> {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, cookies.parse().unwrap());
        let set = sits_down(&headers, person);
        set.iter().map(|line| line.to_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn whoever_sits_down_finds_what_they_left_and_nothing_of_others() {
        let rest = "; HttpOnly; SameSite=Lax";
        assert_eq!(after("hallpass-demo-here=ana; hallpass=A", "ana"), Vec::<String>::new());
        assert_eq!(
            after("hallpass-demo-here=ana; hallpass=A", "ben"),
            [
                format!("hallpass-demo-here=ben; Path=/demo{rest}"),
                format!("hallpass-demo-aside-ana=A; Path=/demo{rest}"),
                format!("hallpass=; Path=/{rest}; Max-Age=0"),
            ]
        );
        assert_eq!(
            after("hallpass-demo-here=ben; hallpass-demo-aside-ana=A", "ana"),
            [
                format!("hallpass-demo-here=ana; Path=/demo{rest}"),
                format!("hallpass-demo-aside-ben=; Path=/demo{rest}; Max-Age=0"),
                format!("hallpass=A; Path=/{rest}"),
            ]
        );
        assert_eq!(
            after("hallpass-demo-here=mallory; hallpass=A", "ana"),
            [
                format!("hallpass-demo-here=ana; Path=/demo{rest}"),
                format!("hallpass=; Path=/{rest}; Max-Age=0"),
            ]
        );
    }
}
