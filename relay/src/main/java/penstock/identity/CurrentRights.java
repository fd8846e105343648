package penstock.identity;

import java.util.Set;

/**
 * What is by now of a client.
 *
 * @param principal with its limits
 * @param products  the names of those that it has
 */
public record CurrentRights(Principal principal, Set<String> products) {
}
