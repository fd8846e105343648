package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/**
 * The page at {@code /}: one self-contained file from the class path. The content security policy allows its script and
 * style by their digests, and nothing else. Immutable.
 *
 * <p>Runs on the io threads.
 */
final class FrontPage implements HttpHandler {
    private static final HttpString POLICY = new HttpString("Content-Security-Policy");
    private static final HttpString REFERRER = new HttpString("Referrer-Policy");

    private final byte[] page;
    private final String policy;

    /** {@code auth} is how clients show who they are: a page of a relay that asks for it has a field for a key. */
    FrontPage(final String auth) {
        final String text = new String(load("index.html"), StandardCharsets.UTF_8)
            .replace("data-auth=\"none\"", "data-auth=\"" + auth + "\"");
        page = text.getBytes(StandardCharsets.UTF_8);
        policy = "default-src 'none'; script-src " + digest(text, "script") + "; style-src " + digest(text, "style")
            + "; connect-src 'self' ws: wss:; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors "
            + "'none'";
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(POLICY, policy).put(REFERRER, "no-referrer")
            .put(Headers.CACHE_CONTROL, "no-cache");
        HttpResponse.send(exchange, 200, "text/html; charset=utf-8", page, page.length);
    }

    /** A file for browsers. */
    static byte[] load(final String name) {
        try (InputStream file = FrontPage.class.getResourceAsStream("/penstock/pages/" + name)) {
            if (file == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return file.readAllBytes();
        } catch (final IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    private static String digest(final String page, final String element) {
        final String open = "<" + element + ">";
        final int start = page.indexOf(open) + open.length();
        final byte[] inside = page.substring(start, page.indexOf("</" + element + ">", start))
            .getBytes(StandardCharsets.UTF_8);
        return "'sha256-" + digest(inside) + "'";
    }

    /** What no other content has, as browsers write it. */
    static String digest(final byte[] content) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
