package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.Headers;
import java.nio.ByteBuffer;
import java.util.List;
import penstock.server.body.EntityTag;
import penstock.server.body.Gzip;

/**
 * A module of the client in JavaScript, from the class path, which pages of the allowed origins import. Browsers keep
 * it and ask whether it is still the same, so that they have that of this version. Immutable.
 *
 * <p>Runs on the io threads.
 */
final class ClientModule implements HttpHandler {
    private final byte[] module;
    private final byte[] compressed;
    private final EntityTag tag;

    /** The file with that name. */
    ClientModule(final String name) {
        module = FrontPage.load(name);
        compressed = Gzip.compress(List.of(ByteBuffer.wrap(module)).iterator());
        tag = new EntityTag(FrontPage.digest(module));
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
        final byte[] body = isCompressed ? compressed : module;
        HttpResponse.send(exchange, 200, "text/javascript; charset=utf-8", body, body.length);
    }
}
