//! SQL of the programmes by which this system ran.

use jiedui_store::{rows, sql};

sql! { FILES: free, "SELECT name, text FROM programme_file WHERE digest = $1 ORDER BY name" }
sql! { KNOWN: free, "SELECT CAST(COUNT(*) AS BIGINT) FROM programme_file WHERE digest = $1" }
rows! { KEEP: free programme_file (digest, name, text) }
