package penstock.bus;

import java.util.concurrent.atomic.AtomicLong;
import penstock.nats.NatsConnection;
import penstock.telemetry.Telemetry;

/** What the metrics say of the bus. Any thread. */
final class BusCounts {
    private final AtomicLong connects = new AtomicLong();
    private final AtomicLong messages = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong held = new AtomicLong();
    private final AtomicLong gaps = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong refused = new AtomicLong();

    /** Registers the metrics. {@code connection}: null = there is no bus. */
    void register(final Telemetry telemetry, final NatsConnection connection) {
        telemetry.gauge("penstock_bus_connected", "1 while the relay is connected to the bus.",
            () -> connection == null ? Telemetry.UNKNOWN : connection.isConnected() ? 1 : 0);
        telemetry.gauge("penstock_bus_pending_bytes", "Bytes that wait for the connection to the bus.",
            () -> connection == null ? Telemetry.UNKNOWN : connection.pendingBytes());
        telemetry.count("penstock_bus_connects_total", "Connections to the bus opened.", connects::get);
        telemetry.count("penstock_bus_messages_total", "Messages published on the bus.", messages::get);
        telemetry.count("penstock_bus_bytes_total", "Bytes of the messages published on the bus.", bytes::get);
        telemetry.count("penstock_bus_held_total", "Writes that the bus had no room for: what they would have had is "
            + "conflated in front of it.", held::get);
        telemetry.count("penstock_bus_missed_total", "Events that were never published because the bus was slow or "
            + "away; readers get a gap message.", gaps::get);
        telemetry.count("penstock_bus_requests_total", "Requests of readers on the bus.", requests::get);
        telemetry.count("penstock_bus_requests_refused_total", "Requests of readers on the bus that were answered with "
            + "an error.", refused::get);
    }

    void onConnected() {
        connects.incrementAndGet();
    }

    void onPublished(final int size) {
        messages.incrementAndGet();
        bytes.addAndGet(size);
    }

    void onHeld() {
        held.incrementAndGet();
    }

    void onMissed(final long events) {
        gaps.addAndGet(events);
    }

    void onRequest() {
        requests.incrementAndGet();
    }

    void onRefused() {
        refused.incrementAndGet();
    }
}
