package penstock.server.admin;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.List;
import java.util.function.Supplier;
import penstock.config.relay.ConfigView;
import penstock.server.HttpResponse;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;

/**
 * {@code GET /admin/v1/config}: the effective configuration, secrets masked, with the origin of each value.
 *
 * <p>Runs on the io threads.
 */
public final class ConfigEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/config";

    private static final String ONLY = "only";
    private static final String CHANGED = "changed";

    private final Supplier<ConfigView> view;

    /** Shows what {@code view} says. */
    public ConfigEndpoint(final Supplier<ConfigView> view) {
        this.view = view;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        try {
            final AdminQuery query = AdminQuery.of(exchange, List.of(ONLY));
            final boolean all = query.choice(ONLY, null, new String[] {CHANGED}, each -> each) == null;
            final MessageBuffer body = new MessageBuffer(16 * 1024).put("{\"values\":[");
            String separator = "";
            for (final ConfigView.Entry each : view.get().entries()) {
                if (all || each.isChanged()) {
                    write(body.put(separator), each);
                    separator = ",";
                }
            }
            HttpResponse.json(exchange, 200, body.put("]}"));
        } catch (final RequestException e) {
            HttpResponse.error(exchange, e);
        }
    }

    private static void write(final MessageBuffer body, final ConfigView.Entry each) {
        body.put("{\"key\":").putString(each.key()).put(",\"value\":").putString(each.value());
        if (each.origin() != null) {
            body.put(",\"origin\":").putString(each.origin());
        }
        if (each.isChanged() && each.usual() != null) {
            body.put(",\"default\":").putString(each.usual());
        }
        body.put('}');
    }
}
