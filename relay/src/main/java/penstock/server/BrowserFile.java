package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import penstock.server.body.EntityTag;
import penstock.server.body.Gzip;

/**
 * A file from the class path that pages of the allowed origins and tools load: a module of the client in JavaScript, a
 * description of the protocol, or a part of the page at {@code /}. Browsers keep it and ask whether it is still the
 * same, so that they have that of this version. Immutable.
 *
 * <p>Runs on the io threads.
 */
final class BrowserFile implements HttpHandler {
    private final String type;
    private final byte[] content;
    private final byte[] compressed;
    private final EntityTag tag;

    /** The file with that name in the jar: {@code .js}, {@code .css}, {@code .xml} or {@code .json}. */
    BrowserFile(final String name) {
        this(name.endsWith(".js") ? "text/javascript; charset=utf-8"
            : name.endsWith(".css") ? "text/css; charset=utf-8"
            : name.endsWith(".xml") ? "application/xml" : HttpResponse.JSON, load(name));
    }

    BrowserFile(final String type, final byte[] content) {
        this.type = type;
        this.content = content;
        compressed = Gzip.compressOnce(content);
        tag = new EntityTag(digest(content));
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (tag.sendNotModified(exchange)) {
            return;
        }
        final boolean isCompressed = Gzip.isAccepted(exchange.getRequestHeaders().get(Headers.ACCEPT_ENCODING));
        if (isCompressed) {
            exchange.getResponseHeaders().put(Headers.CONTENT_ENCODING, Gzip.NAME);
        }
        final byte[] body = isCompressed ? compressed : content;
        HttpResponse.send(exchange, 200, type, body, body.length);
    }

    /** A file of the jar. */
    static byte[] load(final String name) {
        try (InputStream file = BrowserFile.class.getResourceAsStream("/penstock/pages/" + name)) {
            if (file == null) {
                throw new IllegalStateException("the jar lacks " + name);
            }
            return file.readAllBytes();
        } catch (final IOException e) {
            throw new UncheckedIOException(name, e);
        }
    }

    /** What no other content has. */
    private static String digest(final byte[] content) {
        try {
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (final NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java has no SHA-256, which every Java must have", e);
        }
    }
}
