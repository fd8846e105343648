package penstock.server.ops;

import java.util.List;
import java.util.function.BooleanSupplier;
import penstock.audit.AuditLog;
import penstock.fanout.Shard;
import penstock.telemetry.Telemetry;

/**
 * What can be read of a relay from any thread.
 *
 * @param shards     whose counts and states any thread may read
 * @param feeds      by number, and more as feeds come; null of one without connections
 * @param audit      counts how sessions ended
 * @param isDraining whether new sessions are refused
 * @param role       what it is among relays
 */
public record RelayReadings(Telemetry telemetry, List<Shard> shards, List<FeedReadings> feeds, AuditLog audit,
        BooleanSupplier isDraining, RoleReadings role) {
}
