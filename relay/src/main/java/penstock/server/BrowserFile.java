package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.util.List;
import penstock.server.body.EntityTag;
import penstock.server.body.Gzip;

/**
 * A file from the class path that pages of the allowed origins and tools load: a module of the client in JavaScript, or
 * a description of the protocol. Browsers keep it and ask whether it is still the same, so that they have that of this
 * version. Immutable.
 *
 * <p>Runs on the io threads.
 */
final class BrowserFile implements HttpHandler {
    private final String type;
    private final byte[] content;
    private final byte[] compressed;
    private final EntityTag tag;

    /** The file with that name. */
    BrowserFile(final String name) {
        type = name.endsWith(".js") ? "text/javascript; charset=utf-8" : "application/json; charset=utf-8";
        content = FrontPage.load(name);
        compressed = Gzip.compress(List.of(ByteBuffer.wrap(content)).iterator());
        tag = new EntityTag(FrontPage.digest(content));
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
}
