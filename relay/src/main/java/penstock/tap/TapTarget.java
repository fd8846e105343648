package penstock.tap;

import java.net.URI;
import penstock.client.GridTerms;

/**
 * Where a tap connects, and what it subscribes to there. Immutable.
 *
 * @param address of the relay, as far as it is not about the subscription; of raw payloads all of it
 * @param terms   of the subscription; null for raw payloads
 * @param isOnce  the values now, and nothing after them
 */
record TapTarget(URI address, GridTerms terms, boolean isOnce) {
}
