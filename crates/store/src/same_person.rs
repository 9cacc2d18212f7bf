//! Which accounts are one person's (docs/decisions/0068-one-person-several-accounts.md).

/// Whether a column with an account has the account of a parameter, or another one of the same person:
/// `same_person!("s.account", "$2")`.
#[macro_export]
macro_rules! same_person {
    ($account:literal, $of:literal) => {
        concat!(
            "(",
            $account,
            " = ",
            $of,
            " OR ",
            $account,
            " IN (SELECT sx.id FROM account sy JOIN account sx ON sx.holder = sy.holder WHERE sy.id = ",
            $of,
            "))"
        )
    };
}
