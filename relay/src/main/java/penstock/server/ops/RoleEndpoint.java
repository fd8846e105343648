package penstock.server.ops;

import io.undertow.server.HttpHandler;
import io.undertow.server.HttpServerExchange;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import penstock.lease.LeaseStatus;
import penstock.link.LinkReading;
import penstock.server.HttpResponse;
import penstock.server.IoThreadContexts;
import penstock.telemetry.Counter;
import penstock.telemetry.Telemetry;
import penstock.wire.MessageBuffer;

/**
 * {@code GET /admin/v1/role}: what this relay is among others, the relays in front of it, and how the link to them
 * fares.
 *
 * <p>Runs on the io threads.
 */
public final class RoleEndpoint implements HttpHandler {
    /** Its path. */
    public static final String PATH = "/admin/v1/role";

    private final RoleReadings relay;
    private final Telemetry telemetry;
    private final IoThreadContexts contexts;

    /** Of a relay that counts in {@code telemetry}, and whose edges are those of {@code contexts}. */
    public RoleEndpoint(final RoleReadings relay, final Telemetry telemetry, final IoThreadContexts contexts) {
        this.relay = relay;
        this.telemetry = telemetry;
        this.contexts = contexts;
    }

    @Override
    public void handleRequest(final HttpServerExchange exchange) {
        if (!exchange.getQueryParameters().isEmpty()) {
            HttpResponse.error(exchange, 400, "bad_request", "there are no parameters here");
            return;
        }
        final LinkReading link = relay.inFront();
        final MessageBuffer body = new MessageBuffer(512).put("{\"role\":").putString(relay.role().get().word());
        body.put(",\"relay\":").putString(relay.id()).put(",\"epoch\":").put(relay.epoch().getAsLong());
        body.put(",\"hops\":[");
        final List<String> hops = new ArrayList<>(link == null ? List.of() : link.hops());
        hops.add(relay.id());
        for (int i = 0; i < hops.size(); i++) {
            body.put(i == 0 ? "" : ",").putString(hops.get(i));
        }
        body.put("],\"edges\":").put(contexts.edges().count());
        if (relay.lease() != null) {
            final LeaseStatus lease = relay.lease().get();
            body.put(",\"lease\":").putString(lease.role().word());
        }
        if (link != null) {
            write(body, link);
        }
        HttpResponse.json(exchange, 200, body.put('}'));
    }

    private void write(final MessageBuffer out, final LinkReading link) {
        out.put(",\"link\":{\"state\":").putString(link.where().state());
        out.put(",\"since\":").put(link.where().sinceUs()).put(",\"url\":").putString(link.where().url());
        out.put(",\"detail\":").putString(link.where().detail());
        if (link.lagNs() >= 0) {
            out.put(",\"lag\":").put(TimeUnit.NANOSECONDS.toMillis(link.lagNs()));
            out.put(",\"silent\":").put(TimeUnit.NANOSECONDS.toMillis(link.silentNs()));
        }
        out.put(",\"held\":").put(link.held());
        count(out, "connects", Counter.FEED_CONNECTS);
        count(out, "begun", Counter.LINK_BEGUN);
        count(out, "resumed", Counter.LINK_RESUMED);
        count(out, "resumesRefused", Counter.LINK_RESUMES_REFUSED);
        count(out, "refusals", Counter.LINK_REFUSALS);
        count(out, "overflows", Counter.LINK_OVERFLOWS);
        count(out, "gaps", Counter.LINK_GAPS);
        count(out, "busGaps", Counter.LINK_BUS_GAPS);
        count(out, "busSnapshots", Counter.LINK_BUS_SNAPSHOTS);
        out.put('}');
    }

    private void count(final MessageBuffer out, final String name, final Counter counter) {
        out.put(",\"").put(name).put("\":").put(telemetry.sum(counter));
    }
}
