package penstock.server.ops;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.function.Supplier;
import penstock.lease.LeaseStatus;
import penstock.server.HttpResponse;
import penstock.wire.MessageBuffer;

/**
 * {@code GET /admin/v1/lease}: whether this relay is connected to the venues or stands by, who has the lease, and the
 * epoch.
 *
 * <p>Runs on the io threads.
 */
public final class LeaseEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/lease";

    private final boolean isShared;
    private final Supplier<LeaseStatus> status;

    /** {@code isShared}: false = there is no lease, and the relay is always connected. */
    public LeaseEndpoint(final boolean isShared, final Supplier<LeaseStatus> status) {
        this.isShared = isShared;
        this.status = status;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (!exchange.getQueryParameters().isEmpty()) {
            HttpResponse.error(exchange, 400, "bad_request", "there are no parameters here");
            return;
        }
        final LeaseStatus now = status.get();
        final MessageBuffer body = new MessageBuffer(256).put("{\"shared\":").put(isShared ? "true" : "false");
        body.put(",\"role\":").putString(now.role().word()).put(",\"epoch\":").put(now.epoch());
        if (now.holder() != null) {
            body.put(",\"holder\":").putString(now.holder());
        }
        body.put(",\"detail\":").putString(now.words());
        HttpResponse.json(exchange, 200, body.put('}'));
    }
}
