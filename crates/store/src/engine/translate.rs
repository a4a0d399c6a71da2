//! One migration text, in PostgreSQL's dialect; SQLite gets STRICT tables with checks of form.
use super::Engine;

/// The statements of a migration for one engine.
///
/// Inside `create table`, types become SQLite's with a check of their form, and every table
/// ends STRICT; lines between `-- sqlite only`, `-- postgres only` and `-- both` are for one engine.
pub fn translate(text: &str, engine: Engine) -> Vec<String> {
    let mut statements = Vec::new();
    let mut current = String::new();
    let mut mine = true;
    for line in text.lines() {
        match line.trim() {
            "-- sqlite only" => mine = engine == Engine::Sqlite,
            "-- postgres only" => mine = engine == Engine::Postgres,
            "-- both" => mine = true,
            comment if comment.starts_with("--") || comment.is_empty() => {}
            _ if !mine => {}
            code => {
                let in_table = current.starts_with("create table");
                current.push_str(&if in_table { column(line, engine) } else { line.to_owned() });
                current.push('\n');
                if code.ends_with(';') {
                    let mut done = current.trim().trim_end_matches(';').to_owned();
                    if in_table && engine == Engine::Sqlite {
                        done.push_str(" strict, without rowid");
                    } else if done.starts_with("create trigger") && engine == Engine::Sqlite {
                        done.push(';');
                    }
                    statements.push(done);
                    current.clear();
                }
            }
        }
    }
    statements
}

/// One column line: `name type …`.
fn column(line: &str, engine: Engine) -> String {
    let words: Vec<&str> = line.split_whitespace().collect();
    let (Some(name), Some(typed)) = (words.first(), words.get(1)) else { return line.to_owned() };
    if ["primary", "unique", "check", "foreign", "constraint"].contains(name) {
        return line.to_owned();
    }
    let bare = typed.trim_end_matches(',');
    let to = match (engine, bare) {
        (Engine::Postgres, "text") => "text collate \"C\"".to_owned(),
        (Engine::Sqlite, "bigint") => "integer".to_owned(),
        (Engine::Sqlite, "boolean") => format!("integer check ({name} in (0, 1))"),
        (Engine::Sqlite, "date") => format!("text check ({name} is date({name}))"),
        (Engine::Sqlite, "timestamptz") => format!("text check ({name} glob '????-??-??T*')"),
        (Engine::Sqlite, "jsonb") => format!("text check (json_valid({name}))"),
        _ => return line.to_owned(),
    };
    line.replacen(&format!("{name} {bare}"), &format!("{name} {to}"), 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sqlite_tables_are_strict_and_check_their_forms() {
        let text = "create table t (\n  org_id bigint not null,\n  on_day date,\n  primary key (org_id)\n);\n-- postgres only\nselect 1;\n-- both\ncreate index i on t (org_id);\n";
        let sqlite = translate(text, Engine::Sqlite);
        assert_eq!(sqlite.len(), 2);
        assert!(sqlite[0].contains("org_id integer not null"));
        assert!(sqlite[0].contains("on_day text check (on_day is date(on_day)),"));
        assert!(sqlite[0].ends_with("strict, without rowid"));
        assert_eq!(translate(text, Engine::Postgres).len(), 3);
    }
}
