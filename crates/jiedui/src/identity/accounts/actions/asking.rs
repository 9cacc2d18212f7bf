//! What the provider of identities is asked: what it says of itself, and, behind a code, whom it vouches for. Only at its own
//! hosts, without redirects, within a time and a size (`shared/outside.rs`). An answer is believed where its token is signed by
//! one of the provider's keys, made for us, for this browser, and not out of date: that is judged by `openidconnect`.

use super::super::rules::outside::{Bound, mark, shown};
use crate::shared::outside::{self, AnswerLimit, Question, Reachable};
use axum::http::{Method, Response, StatusCode};
use jiedui_web::provider::{OutsideAddress, Said};
use jiedui_web::{App, Provider};
use openidconnect::core::{
    CoreAuthenticationFlow, CoreClient, CoreClientAuthMethod, CoreIdToken, CoreIdTokenVerifier,
    CoreJsonWebKeySet, CoreJwsSigningAlgorithm, CoreProviderMetadata,
};
use openidconnect::{
    AuthType, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpRequest, HttpResponse, Nonce, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
    TokenResponse as _,
};
use std::fmt::Display;
use std::io;
use std::sync::Arc;
use std::time::Duration;

/// How long one answer may take, and how much of it is read.
const PATIENCE: Duration = Duration::from_secs(8);
const MOST: usize = 256 * 1024;
/// How often it is asked what it says of itself: while it answers, and while it does not.
const EVERY: Duration = Duration::from_secs(60);
const SOON: Duration = Duration::from_secs(5);
/// What of a request's head is passed on.
const SENT: [&str; 3] = ["accept", "authorization", "content-type"];
/// Signatures that are taken: by keys that the provider publishes, never by the secret that both sides know.
const TAKEN: [CoreJwsSigningAlgorithm; 8] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// For whom the provider vouches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vouched {
    /// Issuer and subject together.
    pub mark: String,
    /// By what its holder knows the account again.
    pub shown: String,
    /// Whether it signed in there in a way that stands in for our second step.
    pub strong: bool,
}

fn words(cause: impl Display) -> String {
    cause.to_string()
}

/// Asks now and then what the provider says of itself, so that the sign-in page knows whether it is there.
pub async fn follow(app: Arc<App>) {
    let Some(provider) = app.provider.clone() else { return };
    let mut logged = String::new();
    loop {
        let said = match learn(&provider).await {
            Ok(said) => {
                logged.clear();
                Some(said)
            }
            Err(cause) => {
                // It is asked every few seconds, perhaps for days: each cause is told once.
                if cause != logged {
                    tracing::warn!(%cause, "the provider of identities is away; passwords go on");
                    logged = cause;
                }
                None
            }
        };
        let pause = if said.is_some() { EVERY } else { SOON };
        provider.note(said);
        tokio::time::sleep(pause).await;
    }
}

async fn learn(provider: &Provider) -> Result<Said, String> {
    let place = format!("{}/.well-known/openid-configuration", provider.issuer.trim_end_matches('/'));
    let metadata = text_at(provider, &place).await?;
    let keys_at = check(provider, &metadata)?;
    let keys = text_at(provider, &keys_at).await?;
    serde_json::from_str::<CoreJsonWebKeySet>(&keys).map_err(words)?;
    Ok(Said { metadata, keys })
}

/// Whether the provider is the one that was named, with all its places at its hosts; where its keys are.
fn check(provider: &Provider, metadata: &str) -> Result<String, String> {
    let metadata: CoreProviderMetadata = serde_json::from_str(metadata).map_err(words)?;
    if metadata.issuer().as_str() != provider.issuer {
        return Err(format!("it calls itself {}", metadata.issuer().as_str()));
    }
    let token = metadata.token_endpoint().ok_or("it has no place for codes")?;
    let keys = metadata.jwks_uri().as_str().to_owned();
    let places = [metadata.authorization_endpoint().as_str(), token.as_str(), keys.as_str()];
    if let Some(elsewhere) = places.into_iter().find(|place| !provider.has(place)) {
        return Err(format!("it leads to {elsewhere}, which is none of its hosts"));
    }
    Ok(keys)
}

async fn text_at(provider: &Provider, address: &str) -> Result<String, String> {
    let headers = vec![("accept", "application/json".to_owned())];
    let question = Question { method: Method::GET, address, headers, body: Vec::new() };
    let (status, body) = ask(provider, question).await.map_err(words)?;
    if status != StatusCode::OK {
        return Err(format!("{address} answers {status}"));
    }
    String::from_utf8(body).map_err(words)
}

async fn ask(provider: &Provider, question: Question<'_>) -> io::Result<(StatusCode, Vec<u8>)> {
    if !provider.has(question.address) {
        return Err(io::Error::other("the address is none of the provider's"));
    }
    let trusted = outside::trusted();
    let way = outside::Way { reachable: Reachable { inside: provider.inside }, trusted: &trusted };
    let limit = AnswerLimit { bytes: MOST, time: PATIENCE };
    let answered = outside::ask(way, question, limit).await.map_err(|cause| io::Error::other(cause.words))?;
    let body = answered.body.ok_or_else(|| io::Error::other("the answer is too long, or broke off"))?;
    Ok((answered.status, body.to_vec()))
}

/// The question of `openidconnect`, asked by our own client.
async fn send(provider: &Provider, request: HttpRequest) -> io::Result<HttpResponse> {
    let (head, body) = request.into_parts();
    let address = head.uri.to_string();
    let value = |name: &'static str| Some((name, head.headers.get(name)?.to_str().ok()?.to_owned()));
    let headers = SENT.into_iter().filter_map(value).collect();
    let question = Question { method: head.method.clone(), address: &address, headers, body };
    let (status, body) = ask(provider, question).await?;
    Response::builder().status(status).body(body).map_err(io::Error::other)
}

fn client(provider: &Provider) -> Result<Client, String> {
    let said = provider.said().ok_or("it has not said anything yet")?;
    let metadata: CoreProviderMetadata = serde_json::from_str(&said.metadata).map_err(words)?;
    let keys: CoreJsonWebKeySet = serde_json::from_str(&said.keys).map_err(words)?;
    // In the head of the request where nothing is said; by the body where that alone is taken.
    let in_body = metadata.token_endpoint_auth_methods_supported().is_some_and(|ways| {
        !ways.contains(&CoreClientAuthMethod::ClientSecretBasic)
            && ways.contains(&CoreClientAuthMethod::ClientSecretPost)
    });
    let secret = ClientSecret::new(provider.secret.clone());
    let client = CoreClient::from_provider_metadata(
        metadata.set_jwks(keys),
        ClientId::new(provider.client.clone()),
        Some(secret),
    );
    let client = client.set_redirect_uri(RedirectUrl::new(provider.back.clone()).map_err(words)?);
    Ok(if in_body { client.set_auth_type(AuthType::RequestBody) } else { client })
}

/// The way of a browser to the provider; none while it is away.
pub fn way_there(provider: &Provider, bound: &Bound) -> Option<OutsideAddress> {
    let client = client(provider).ok()?;
    let challenge =
        PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(bound.verifier.clone()));
    let (state, nonce) = (CsrfToken::new(bound.echo.clone()), Nonce::new(bound.nonce.clone()));
    let request =
        client.authorize_url(CoreAuthenticationFlow::AuthorizationCode, move || state, move || nonce);
    let request = match scope(&provider.name_claim) {
        Some(scope) => request.add_scope(Scope::new(scope.to_owned())),
        None => request,
    };
    let (address, _, _) = request.set_pkce_challenge(challenge).url();
    provider.way_to(address.as_str())
}

/// What has to be asked for, so that the claim by which an account is shown comes with the answer; no more is asked for.
fn scope(claim: &str) -> Option<&'static str> {
    match claim {
        "preferred_username" | "name" => Some("profile"),
        "email" => Some("email"),
        "phone_number" => Some("phone"),
        _ => None,
    }
}

/// Whom the provider vouches for by this code. Asked from a thread of its own, which may wait; the log alone is told why
/// somebody was not believed.
pub fn vouched_now(provider: &Provider, bound: &Bound, code: String) -> Option<Vouched> {
    let answer = tokio::runtime::Handle::current().block_on(vouched(provider, bound, code));
    answer.inspect_err(|cause| tracing::info!(%cause, "a sign-in from outside was not believed")).ok()
}

async fn vouched(provider: &Provider, bound: &Bound, code: String) -> Result<Vouched, String> {
    let client = client(provider)?;
    let http = move |request: HttpRequest| send(provider, request);
    let request = client.exchange_code(AuthorizationCode::new(code)).map_err(words)?;
    let request = request.set_pkce_verifier(PkceCodeVerifier::new(bound.verifier.clone()));
    let answer = request.request_async(&http).await.map_err(words)?;
    let token = answer.id_token().ok_or("the answer has no token of who it is")?;
    // The provider's tokens have the time of the world, also where a demonstration stands on another day.
    let verifier = client.id_token_verifier().set_allowed_algs(TAKEN);
    judged(provider, token, &verifier, &Nonce::new(bound.nonce.clone()))
}

/// Whom a token vouches for, where it is believed.
fn judged(
    provider: &Provider,
    token: &CoreIdToken,
    verifier: &CoreIdTokenVerifier<'_>,
    nonce: &Nonce,
) -> Result<Vouched, String> {
    let claims = token.claims(verifier, nonce).map_err(words)?;
    let by_acr = claims.auth_context_ref().is_some_and(|way| provider.strong_acr.contains(way));
    let by_amr = claims
        .auth_method_refs()
        .is_some_and(|ways| ways.iter().any(|way| provider.strong_amr.contains(way)));
    let all = serde_json::to_value(claims).map_err(words)?;
    let shown = shown(all.get(&provider.name_claim).and_then(serde_json::Value::as_str).unwrap_or_default());
    let mark = mark(&provider.issuer, claims.subject().as_str());
    Ok(Vouched { mark, shown, strong: by_acr || by_amr })
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use jiedui_kernel::Instant;
    use openidconnect::core::{CoreEdDsaPrivateSigningKey, CoreIdTokenClaims};
    use openidconnect::{
        Audience, AuthenticationMethodReference, EmptyAdditionalClaims, EndUserUsername, IssuerUrl,
        PrivateSigningKey as _, StandardClaims, SubjectIdentifier,
    };

    const ISSUER: &str = "https://id.example.cn";
    /// Keys of nobody: thirty-two sevens, and as many nines.
    const OWN: &str = "MC4CAQAwBQYDK2VwBCIEIAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH";
    const OTHER: &str = "MC4CAQAwBQYDK2VwBCIEIAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ";

    fn provider() -> Provider {
        let name_claim = "preferred_username".to_owned();
        let strong_amr = vec!["mfa".to_owned()];
        Provider {
            issuer: ISSUER.to_owned(),
            client: "jiedui".to_owned(),
            name_claim,
            strong_amr,
            hosts: vec!["id.example.cn".to_owned()],
            back: "https://jiedui.example.cn/signin/outside/back".to_owned(),
            ..Provider::default()
        }
    }

    fn key(text: &str) -> CoreEdDsaPrivateSigningKey {
        let (name, dashes) = ("PRIVATE KEY", "-----");
        let pem = format!("{dashes}BEGIN {name}{dashes}\n{text}\n{dashes}END {name}{dashes}\n");
        CoreEdDsaPrivateSigningKey::from_ed25519_pem(&pem, None).unwrap()
    }

    fn at(minutes: i64) -> Instant {
        Instant::UNIX_EPOCH + TimeDelta::days(20_000) + TimeDelta::minutes(minutes)
    }

    /// What becomes of a token that is made at the beginning and holds for an hour.
    fn told(
        signed: &str,
        (issuer, audience, nonce): (&str, &str, &str),
        minutes: i64,
    ) -> Result<Vouched, String> {
        let subject = SubjectIdentifier::new("u-1".to_owned());
        let holder = StandardClaims::new(subject)
            .set_preferred_username(Some(EndUserUsername::new("zhang.san".to_owned())));
        let claims = CoreIdTokenClaims::new(
            IssuerUrl::new(issuer.to_owned()).unwrap(),
            vec![Audience::new(audience.to_owned())],
            at(60),
            at(0),
            holder,
            EmptyAdditionalClaims {},
        )
        .set_nonce(Some(Nonce::new(nonce.to_owned())))
        .set_auth_method_refs(Some(vec![AuthenticationMethodReference::new("mfa".to_owned())]));
        let token =
            CoreIdToken::new(claims, &key(signed), CoreJwsSigningAlgorithm::EdDsa, None, None).unwrap();
        let keys = CoreJsonWebKeySet::new(vec![key(OWN).as_verification_key()]);
        let (client, issuer) =
            (ClientId::new("jiedui".to_owned()), IssuerUrl::new(ISSUER.to_owned()).unwrap());
        let verifier = CoreIdTokenVerifier::new_public_client(client, issuer, keys)
            .set_allowed_algs(TAKEN)
            .set_time_fn(move || at(minutes));
        judged(&provider(), &token, &verifier, &Nonce::new("n".to_owned()))
    }

    #[test]
    fn a_token_is_believed_for_us_for_this_browser_and_in_time() {
        let good = (ISSUER, "jiedui", "n");
        let vouched = told(OWN, good, 1).unwrap();
        assert_eq!((vouched.shown.as_str(), vouched.strong), ("zhang.san", true));
        assert_eq!(vouched.mark, mark(ISSUER, "u-1"));
        assert!(told(OTHER, good, 1).is_err(), "signed by a stranger");
        assert!(told(OWN, good, 61).is_err(), "out of date");
        assert!(told(OWN, (ISSUER, "somebody", "n"), 1).is_err(), "for somebody else");
        assert!(told(OWN, (ISSUER, "jiedui", "m"), 1).is_err(), "for another browser");
        assert!(told(OWN, ("https://id.example.com", "jiedui", "n"), 1).is_err(), "of another issuer");
    }

    /// What a provider says of itself, with these places.
    fn metadata(issuer: &str, token: &str) -> String {
        serde_json::json!({
            "issuer": issuer,
            "authorization_endpoint": "https://id.example.cn/auth",
            "token_endpoint": token,
            "jwks_uri": "https://id.example.cn/jwks",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["EdDSA"],
        })
        .to_string()
    }

    #[test]
    fn a_provider_is_the_one_that_was_named_and_leads_nowhere_else() {
        let provider = provider();
        let good = metadata(ISSUER, "https://id.example.cn/token");
        assert_eq!(check(&provider, &good).unwrap(), "https://id.example.cn/jwks");
        assert!(
            check(&provider, &metadata("https://id.example.com", "https://id.example.cn/token")).is_err()
        );
        assert!(check(&provider, &metadata(ISSUER, "https://10.0.0.1/token")).is_err());
        assert!(check(&provider, "{}").is_err());
        let bound = Bound::by("t");
        assert_eq!(way_there(&provider, &bound), None, "it has not said anything yet");
        provider.note(Some(Said { metadata: good, keys: r#"{"keys":[]}"#.to_owned() }));
        let way = way_there(&provider, &bound).unwrap();
        let said = |part: &str| way.as_str().contains(part);
        assert!(
            said("response_type=code") && said("scope=openid+profile") && said("code_challenge_method=S256")
        );
        assert!(said(&format!("state={}", bound.echo)) && said(&format!("nonce={}", bound.nonce)));
        assert!(!said(&bound.verifier), "what opens the code is not told to the browser's history");
    }
}
