import type { Claims } from "../../party/access/tokens.ts";
import { hasRight } from "../../party/transport/role.ts";
import type { TableApi } from "./table-api.ts";

/** Who asks at the door: whose token it is, and the table with their rights. */
export interface McpCaller {
  claims: Claims;
  table: TableApi;
}

export function mayManage({ claims }: McpCaller): boolean {
  return hasRight(claims.role, "manage");
}
