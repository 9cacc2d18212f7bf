// A provider of identities, as an office may have one: the real thing, on an address of this machine that is another site for the
// browser. It asks nobody for a password: whoever comes is `holder`.
import { createServer } from "node:http";
import Provider from "oidc-provider";

const HOST = "127.0.0.2";
const SECRET = "shili-mima-yong-yu-ceshi-0123456789";

async function consent(ctx) {
  const { client, session, provider } = ctx.oidc;
  const id = session.grantIdFor(client.clientId);
  if (id) return provider.Grant.find(id);
  const grant = new provider.Grant({ clientId: client.clientId, accountId: session.accountId });
  grant.addOIDCScope("openid profile");
  await grant.save();
  return grant;
}

function settings(back) {
  return {
    clients: [{ client_id: "jiedui", client_secret: SECRET, redirect_uris: [back] }],
    cookies: { keys: ["shili"] },
    claims: { openid: ["sub"], profile: ["preferred_username"] },
    // What it is asked for stands in the token itself.
    conformIdTokenClaims: false,
    features: { devInteractions: { enabled: false } },
    findAccount: (_, sub) => ({ accountId: sub, claims: () => ({ sub, preferred_username: sub }) }),
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    loadExistingGrant: consent,
    pkce: { required: () => true },
  };
}

/** Starts one that leads back to this address; `file` is what the server is told of it, `secret` what the two share. */
export async function startProvider(back) {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, HOST, resolve));
  const issuer = `http://${HOST}:${server.address().port}`;
  const provider = new Provider(issuer, settings(back));
  const started = { holder: "zhang.san", secret: SECRET };
  const answer = provider.callback();
  server.on("request", (request, response) => {
    if (!request.url.startsWith("/interaction/")) return answer(request, response);
    const login = { login: { accountId: started.holder } };
    return provider.interactionFinished(request, response, login).catch((error) => {
      response.statusCode = 500;
      response.end(String(error));
    });
  });
  const lines = { issuer, client: "jiedui", secret_file: "secret", button: "用身份平台登录（示例）", name_claim: "preferred_username" };
  started.file = Object.entries(lines).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`).join("");
  started.stop = () => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return started;
}
