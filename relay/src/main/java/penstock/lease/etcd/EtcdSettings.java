package penstock.lease.etcd;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import penstock.tls.ClientTls;

/**
 * Where etcd is, and how a relay shows who it is. Immutable.
 *
 * @param endpoints of the members, like {@code https://etcd1:2379}
 * @param key       the key of the lease
 * @param withinMs  time limit of a request
 * @param tls       whom to trust, and what to show; null = the trust store of the JVM, and nothing
 * @param user      null = none, or the token of the file
 * @param secret    the file of the password; without a user that of a token; null = neither
 */
public record EtcdSettings(List<URI> endpoints, String key, long withinMs, ClientTls tls, String user, Path secret) {
}
