//! SQL of the demonstration: the mark that it was made.

use jiedui_store::sql;

sql! { MARK: free, "SELECT value FROM setting WHERE key = 'demo'" }
sql! { SET_MARK: free, "INSERT INTO setting (key, value) VALUES ('demo', $1)" }
