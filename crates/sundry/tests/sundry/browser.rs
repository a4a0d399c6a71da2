//! A browser without a screen: it signs in for real, keeps its cookie, fills in forms as they stand on the page.
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, header};
use scraper::{Html, Selector};
use sundry::web::door::{Doors, router};
use sundry_desk::control::people::{AddUser, add_user};
use sundry_desk::core::testing::TestDesk;
use sundry_desk::{Actor, Desk};
use sundry_domain::control::Role;
use sundry_domain::ids::OrgId;
use sundry_domain::money::Pence;
use tower::ServiceExt;

const PASSWORD: &str = "correct horse battery";

/// What came back.
pub struct Page {
    /// The status.
    pub status: u16,
    /// Where it leads, if it does.
    pub location: String,
    /// The headers, as text.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Page {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The visible words, single-spaced.
    pub fn words(&self) -> String {
        let page = Html::parse_document(&self.text());
        let all: String = page.root_element().text().collect();
        all.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The messages of the error summary.
    pub fn errors(&self) -> Vec<String> {
        let page = Html::parse_document(&self.text());
        let selector = Selector::parse(".govuk-error-summary__list a").expect("a selector");
        page.select(&selector).map(|one| one.text().collect::<String>().trim().to_owned()).collect()
    }

    /// The value of a field.
    pub fn value(&self, id: &str) -> String {
        let page = Html::parse_document(&self.text());
        let selector = Selector::parse(&format!("[name='{id}']")).expect("a selector");
        let field = page.select(&selector).next().unwrap_or_else(|| panic!("no field {id}"));
        field.attr("value").map_or_else(|| field.text().collect(), str::to_owned)
    }

    /// The value of a header.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// The proof of origin and the key of the form that is sent to an address.
    pub fn tokens(&self, action: &str) -> (String, String) {
        let page = Html::parse_document(&self.text());
        let forms = Selector::parse("form[method=post]").expect("a selector");
        let hidden = |form: scraper::ElementRef<'_>, name: &str| {
            let selector = Selector::parse(&format!("input[name={name}]")).expect("a selector");
            form.select(&selector).next().and_then(|field| field.attr("value")).unwrap_or_default().to_owned()
        };
        let form = page.select(&forms).find(|form| form.attr("action") == Some(action));
        let form = form.unwrap_or_else(|| panic!("no form to {action} on:\n{}", self.words()));
        (hidden(form, "csrf"), hidden(form, "form_key"))
    }
}

/// Somebody at a browser.
pub struct Browser {
    router: Router,
    cookie: String,
}

/// Everybody's way in.
pub fn open(desk: &TestDesk) -> Router {
    router(Doors::new(desk.desk.clone(), Vec::new(), false))
}

impl Browser {
    /// Signs in as a new user with a role.
    pub async fn of(desk: &TestDesk, router: &Router, role: Role) -> Browser {
        Browser::in_org(&desk.desk, desk.org, router, role).await
    }

    /// Signs in as a new user of an organisation.
    pub async fn in_org(desk: &Desk, org: OrgId, router: &Router, role: Role) -> Browser {
        let name = format!("{}-{}", role.as_str(), org.0);
        let ask = AddUser {
            key: format!("user-{name}"),
            sign_in_name: name.clone(),
            display_name: format!("{} of the test", role.name()),
            roles: vec![role.as_str().into()],
            limit: Pence(1_000_000),
            password: PASSWORD.into(),
        };
        add_user(desk, &Actor::operator(org, "Operator"), ask).await.expect("a user is added");
        let mut browser = Browser { router: router.clone(), cookie: String::new() };
        let page = browser.send("/sign-in", &[("user", &name), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 303, "{}", page.words());
        let cookie = page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        assert!(!cookie.is_empty());
        browser.cookie = cookie;
        browser
    }

    async fn ask(&self, request: Request<Body>) -> Page {
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        let headers: Vec<(String, String)> = response
            .headers()
            .iter()
            .map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned()))
            .collect();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 64 << 20).await.expect("a body").to_vec();
        let location =
            headers.iter().find(|(name, _)| name == "location").map(|(_, to)| to.clone()).unwrap_or_default();
        Page { status, location, headers, body }
    }

    /// Looks at a page.
    pub async fn get(&self, path: &str) -> Page {
        let request = Request::get(path).header(header::COOKIE, &self.cookie);
        self.ask(request.body(Body::empty()).expect("a request")).await
    }

    /// Goes where an answer leads, with the cookies set on the way, until there is a page.
    pub async fn follow(&self, answer: Page) -> Page {
        let (mut page, mut cookies) = (answer, self.cookie.clone());
        while page.status == 303 {
            for (name, value) in &page.headers {
                if name == "set-cookie" {
                    cookies = format!("{}; {cookies}", value.split(';').next().unwrap_or_default());
                }
            }
            let request = Request::get(page.location.as_str()).header(header::COOKIE, &cookies);
            page = self.ask(request.body(Body::empty()).expect("a request")).await;
        }
        page
    }

    /// Sends fields as they are, without a token.
    pub async fn send(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body = serde_urlencoded::to_string(fields).expect("fields");
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request.body(Body::from(body)).expect("a request")).await
    }

    /// Opens a page, fills in the form that goes to `action`, and sends it.
    pub async fn fill(&self, path: &str, action: &str, fields: &[(&str, &str)]) -> Page {
        let page = self.get(path).await;
        assert_eq!(page.status, 200, "{path}: {}", page.words());
        self.submit(&page, action, fields).await
    }

    /// Sends the form of a page that is open.
    pub async fn submit(&self, page: &Page, action: &str, fields: &[(&str, &str)]) -> Page {
        let (csrf, key) = page.tokens(action);
        let mut all = vec![("csrf", csrf.as_str()), ("form_key", key.as_str())];
        all.extend_from_slice(fields);
        self.send(action, &all).await
    }

    /// Hands in files with the form of a page.
    pub async fn upload(&self, path: &str, files: &[(&str, &str, &[u8])]) -> Page {
        self.upload_with(path, &[], files).await
    }

    /// Hands in files and fields with the form of a page.
    pub async fn upload_with(&self, path: &str, fields: &[(&str, &str)], files: &[(&str, &str, &[u8])]) -> Page {
        let (csrf, key) = self.get(path).await.tokens(path);
        let mut body = Vec::new();
        for (name, value) in [("csrf", csrf.as_str()), ("form_key", key.as_str())].iter().chain(fields) {
            body.extend(
                format!("--edge\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes(),
            );
        }
        for (field, name, bytes) in files {
            let head = format!(
                "--edge\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: text/csv\r\n\r\n"
            );
            body.extend(head.into_bytes());
            body.extend_from_slice(bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--edge--\r\n");
        let request = Request::post(path)
            .header(header::COOKIE, &self.cookie)
            .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
        self.ask(request.body(Body::from(body)).expect("a request")).await
    }
}
