//! SQL of names that were shown in full.

use jiedui_store::sql;

sql! { INSERT: free by name,
"INSERT INTO name_view (id, person, at, account, name, org, org_name, page, title, resource_id) \
VALUES (:id, :person, :at, :account, :name, :org, :org_name, :page, :title, :resource_id)" }
