package penstock.server.edge;

/**
 * Why a request is refused. It repeats nothing that the client sent. Immutable.
 *
 * @param status  of the answer
 * @param code    of the error
 * @param message names the key and the remedy
 * @param isOfPage whether a page should learn of it, from the code of a Close frame if need be
 */
public record Refusal(int status, String code, String message, boolean isOfPage) {
}
