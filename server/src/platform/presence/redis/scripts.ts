/*
 * What happens in Redis, each step atomic. All keys share the hash tag of the prefix, so that a Redis cluster keeps them
 * on one shard:
 *   <prefix>nodes              sorted set: node → end of its lease (Redis' own clock, ms)
 *   <prefix>held:<node>        hash: connection id → [group, member, since] as JSON
 *   <prefix>members:<group>    hash: member → number of connections
 *   <prefix>sessions:<group>   hash: connection id → [member, since] as JSON
 *   <prefix>buried:<node>      set when a living node's connections were taken for dead
 */

const DROP = `
local function drop(prefix, node, id, text)
  redis.call('HDEL', prefix .. 'held:' .. node, id)
  local c = cjson.decode(text)
  redis.call('HDEL', prefix .. 'sessions:' .. c[1], id)
  local n = redis.call('HINCRBY', prefix .. 'members:' .. c[1], c[2], -1)
  if n > 0 then return nil end
  redis.call('HDEL', prefix .. 'members:' .. c[1], c[2])
  return { c[1], c[2] }
end
`;

/**
 * Registers connections. ARGV: prefix, node, JSON `[[id, group, member, since], …]`.
 * Answers the ids that are their members' first.
 */
export const REGISTER = `
local prefix, node = ARGV[1], ARGV[2]
local first = {}
for _, c in ipairs(cjson.decode(ARGV[3])) do
  local text = cjson.encode({ c[2], c[3], c[4] })
  if redis.call('HSETNX', prefix .. 'held:' .. node, c[1], text) == 1 then
    redis.call('HSET', prefix .. 'sessions:' .. c[2], c[1], cjson.encode({ c[3], c[4] }))
    if redis.call('HINCRBY', prefix .. 'members:' .. c[2], c[3], 1) == 1 then table.insert(first, c[1]) end
  end
end
return first
`;

/**
 * Takes connections of a node away. ARGV: prefix, node, ids…
 * Answers two lists: `[group, member]` of those that were the last ones, and the ids that were not known.
 */
export const UNREGISTER = `${DROP}
local prefix, node = ARGV[1], ARGV[2]
local last, unknown = {}, {}
for i = 3, #ARGV do
  local text = redis.call('HGET', prefix .. 'held:' .. node, ARGV[i])
  if text then
    local edge = drop(prefix, node, ARGV[i], text)
    if edge then table.insert(last, edge) end
  else
    table.insert(unknown, ARGV[i])
  end
end
return { last, unknown }
`;

/**
 * Renews a node's lease. ARGV: prefix, node, lease in ms.
 * Answers how many connections Redis holds for it, and 1 when it had been taken for dead.
 */
export const BEAT = `
local prefix, node = ARGV[1], ARGV[2]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZADD', prefix .. 'nodes', now + ARGV[3], node)
return { redis.call('HLEN', prefix .. 'held:' .. node), redis.call('DEL', prefix .. 'buried:' .. node) }
`;

/**
 * Takes away connections of one node whose lease has ended. ARGV: prefix, own node, how many at most.
 * Answers `[group, member]` of those that were the last ones, and 1 when there is more to do.
 */
export const SWEEP = `${DROP}
local prefix = ARGV[1]
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
local dead = nil
for _, node in ipairs(redis.call('ZRANGEBYSCORE', prefix .. 'nodes', '-inf', now, 'LIMIT', 0, 2)) do
  if node ~= ARGV[2] then dead = node break end
end
if not dead then return { {}, 0 } end
local last = {}
local held = redis.call('HSCAN', prefix .. 'held:' .. dead, 0, 'COUNT', ARGV[3])[2]
for i = 1, #held, 2 do
  local edge = drop(prefix, dead, held[i], held[i + 1])
  if edge then table.insert(last, edge) end
end
if redis.call('HLEN', prefix .. 'held:' .. dead) == 0 then
  redis.call('ZREM', prefix .. 'nodes', dead)
  redis.call('SET', prefix .. 'buried:' .. dead, '1', 'EX', 3600)
end
return { last, 1 }
`;
