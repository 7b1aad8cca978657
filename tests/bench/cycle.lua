-- For wrk: sends the requests of a file one after the other, over and over, and prints the outcome as JSON. The file
-- has, for each request, its length in a line and then its bytes.

local requests = {}
local last = 0

function init(arguments)
    local file = assert(io.open(arguments[1], "rb"))
    for length in function() return file:read("*n") end do
        file:read(1)
        requests[#requests + 1] = file:read(length)
    end
    file:close()
end

function request()
    last = last % #requests + 1
    return requests[last]
end

function done(summary, latency)
    local errors = summary.errors
    io.write(string.format(
        '{"requests": %d, "bytes": %d, "microseconds": %d, "p50": %d, "p99": %d, "errors": %d}\n',
        summary.requests, summary.bytes, summary.duration, latency:percentile(50), latency:percentile(99),
        errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
